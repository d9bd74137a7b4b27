//! ndjson, SVG and PNG: what is written can be read, and is what was drawn.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use denoodle::data::sketchbook;
use denoodle::export::{Colours, ENDINGS, Export, Look, Sheet, Svg};
use denoodle::raster::{Ink, ORDER_ON_LIGHT, Pixmap, Rgb};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::{Cancel, Kind, Reason};
use proptest::prelude::*;

fn bus(index: u64) -> Sketch {
    sketchbook::drawing("bus", 5, index).unwrap()
}

fn make(export: &Export, sketches: &[Sketch], word: &str) -> Vec<u8> {
    export.bytes(sketches, word, &Cancel::default()).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    assert_eq!(bytes.last(), Some(&b'\n'));
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sketch_of(json: &serde_json::Value) -> Sketch {
    let drawing: Vec<[Vec<u8>; 2]> = serde_json::from_value(json["drawing"].clone()).unwrap();
    let stroke = |[x, y]: &[Vec<u8>; 2]| {
        assert_eq!(x.len(), y.len());
        Stroke::new(x.iter().zip(y).map(|(&x, &y)| [f32::from(x), f32::from(y)]).collect())
    };
    Sketch { strokes: drawing.iter().map(stroke).collect() }
}

#[test]
fn endings_choose_the_form_and_others_are_refused_with_the_list() {
    let form = |path: &str| Export::for_path(Path::new(path));
    assert_eq!(form("a/cats.ndjson").unwrap(), Export::Ndjson);
    assert!(matches!(form("cats.SVG").unwrap(), Export::Svg(_)));
    assert!(matches!(form("cats.v2.png").unwrap(), Export::Png(_)));
    assert!(matches!(form("cats.gif").unwrap(), Export::Gif(_)));
    for wrong in ["cats.jpg", "cats", "cats.ndjson.gz", ""] {
        let error = form(wrong).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(ENDINGS.iter().all(|ending| error.to_string().contains(ending)), "{error}");
    }
}

#[test]
fn ndjson_has_the_official_fields_in_order() {
    let bytes = make(&Export::Ndjson, &[bus(0), bus(1)], "bus \"7\"");
    let text = std::str::from_utf8(&bytes).unwrap();
    let fields = ["{\"word\":", "\"countrycode\":\"\"", "\"timestamp\":\"\"", "\"recognized\":true", "\"key_id\":\"", "\"drawing\":[[["];
    let places: Vec<usize> = fields.iter().map(|field| text.find(field).expect(field)).collect();
    assert!(places.is_sorted());
    let lines = lines(&bytes);
    assert_eq!((lines.len(), lines[0]["word"].as_str()), (2, Some("bus \"7\"")));
    let keys: Vec<&str> = lines.iter().map(|line| line["key_id"].as_str().unwrap()).collect();
    assert!(keys[0] != keys[1] && keys.iter().all(|key| key.len() == 16 && key.bytes().all(|b| b.is_ascii_digit())));
    assert!(lines[0].get("procedural").is_none());
    assert_eq!(bytes, make(&Export::Ndjson, &[bus(0), bus(1)], "bus \"7\""));
}

#[test]
fn a_drawing_outside_the_frame_is_fitted_and_one_inside_stays() {
    let inside = Sketch { strokes: vec![Stroke::new(vec![[100.0, 90.0], [140.4, 120.6]])] };
    let outside = inside.map(|p| [p[0] - 150.0, p[1]]);
    let read: Vec<Sketch> = lines(&make(&Export::Ndjson, &[inside, outside], "line")).iter().map(sketch_of).collect();
    assert_eq!(read[0].strokes[0].points, [[100.0, 90.0], [140.0, 121.0]]);
    let bounds = read[1].bounds().unwrap();
    assert_eq!((bounds.low, bounds.side()), ([0.0, 0.0], 255.0));
}

#[test]
fn ndjson_refuses_what_no_reader_would_take() {
    let empty = Sketch::default();
    let hollow = Sketch { strokes: vec![Stroke::default()] };
    let nan = Sketch { strokes: vec![Stroke::new(vec![[f32::NAN, 1.0]])] };
    for bad in [empty, hollow, nan] {
        let error = Export::Ndjson.bytes(&[bus(0), bad], "bus", &Cancel::default()).unwrap_err().to_string();
        assert!(error.contains("drawing 2"), "{error}");
    }
    assert!(Export::Ndjson.bytes(&[], "bus", &Cancel::default()).is_err());
}

/// A small scan of XML: tags balance, attributes are quoted and unique, text has no stray `<`, `&` or control characters.
/// Gives the names of all elements.
fn scan_xml(text: &str) -> Vec<String> {
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let check_text = |text: &str| {
        assert!(!text.contains(['<', '>']) && !text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        for (at, _) in text.match_indices('&') {
            let entity = text[at + 1..].split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "{entity}");
        }
    };
    let (mut open, mut names, mut rest): (Vec<String>, Vec<String>, &str) = (vec![], vec![], body);
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start]);
        let end = rest.find('>').expect("a closed tag");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (tag, alone) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut seen = vec![];
        while let Some((key, after)) = attributes.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a closed value");
            check_text(value);
            assert!(key.trim().bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && !seen.contains(&key.trim()), "{key}");
            seen.push(key.trim());
            attributes = after;
        }
        assert_eq!(attributes.trim(), "", "in {tag}");
        names.push(name.to_owned());
        if !alone {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    names
}

#[test]
fn svg_is_well_formed_and_keeps_every_stroke_where_it_was() {
    let sketch = Sketch { strokes: vec![Stroke::new(vec![[0.0, 10.0], [255.0, 20.5], [3.25, 200.0]]), Stroke::new(vec![[5.0, 6.0]])] };
    let text = String::from_utf8(make(&Export::Svg(Svg::default()), &[sketch], "a <cat> & \"co\"\u{1}")).unwrap();
    let names = scan_xml(&text);
    assert!(text.contains("<title>a &lt;cat&gt; &amp; &quot;co&quot;</title>"), "{text}");
    assert!(text.contains("d=\"M0 10L255 20.5 3.3 200\"") || text.contains("d=\"M0 10L255 20.5 3.2 200\""), "{text}");
    assert_eq!(names.iter().filter(|name| *name == "circle").count(), 1);
    assert!(text.contains("viewBox="));
}

#[test]
fn an_svg_sheet_holds_every_drawing_inside_its_view() {
    let sketches: Vec<Sketch> = (0..7).map(bus).collect();
    let strokes: usize = sketches.iter().map(|sketch| sketch.strokes.len()).sum();
    for ink in [Ink::One(Rgb::BLACK), Ink::ByOrder(ORDER_ON_LIGHT)] {
        let text = String::from_utf8(make(&Export::Svg(Svg { ink, ..Svg::default() }), &sketches, "bus")).unwrap();
        let names = scan_xml(&text);
        assert_eq!(names.iter().filter(|name| *name == "path" || *name == "circle").count(), strokes);
        let view: Vec<f32> =
            text.split("viewBox=\"").nth(1).unwrap().split('"').next().unwrap().split(' ').map(|v| v.parse().unwrap()).collect();
        for path in text.split(" d=\"M").skip(1) {
            let numbers = path.split('"').next().unwrap().replace('L', " ");
            let numbers: Vec<f32> = numbers.split(' ').map(|v| v.parse().unwrap()).collect();
            assert!(numbers.chunks(2).all(|p| p[0] > 0.0 && p[0] < view[2] && p[1] > 0.0 && p[1] < view[3]));
        }
    }
}

fn dark(picture: &Pixmap, left: u32, top: u32, side: u32) -> usize {
    let at = |i: u32| picture.pixel(left + i % side, top + i / side).unwrap();
    (0..side * side).filter(|&i| at(i).red() < 128).count()
}

#[test]
fn a_sheet_has_ink_in_each_cell_and_paper_between() {
    let sketches: Vec<Sketch> = (0..12).map(bus).collect();
    let sheet = Sheet { cell: 100, gap: 20, margin: 30, title: false, ..Sheet::default() };
    let picture = Pixmap::decode_png(&make(&Export::Png(sheet), &sketches, "bus")).unwrap();
    assert_eq!((picture.width(), picture.height()), (4 * 120 + 40, 3 * 120 + 40));
    for i in 0..12 {
        assert!(dark(&picture, 30 + i % 4 * 120, 30 + i / 4 * 120, 100) > 200, "cell {i}");
    }
    for x in 0..picture.width() {
        for y in [5, 140, 260, 395] {
            assert_eq!(picture.pixel(x, y).unwrap().red(), 255, "({x}, {y})");
        }
    }
    let titled = Sheet { cell: 100, gap: 20, margin: 30, numbers: true, ..Sheet::default() };
    let titled = Pixmap::decode_png(&make(&Export::Png(titled), &sketches, "bus")).unwrap();
    assert!(titled.height() > picture.height() && dark(&titled, 30, 28, 24) > 20, "a title at the top left");
}

#[test]
fn a_drawing_alone_fills_its_picture() {
    let picture = Pixmap::decode_png(&make(&Export::Png(Sheet::default()), &[bus(3)], "bus")).unwrap();
    assert_eq!((picture.width(), picture.height()), (768, 768));
    assert!(dark(&picture, 0, 0, 768) > 5000);
}

#[test]
fn a_look_is_on_every_form_and_without_ground_there_is_none() {
    let chalk = Look { side: Some(120), line: Some(4.0), colours: Colours::Chalk, label: false, ..Look::default() };
    let form = |path: &str, look: &Look| look.on(Export::for_path(Path::new(path)).unwrap());
    let slate = Colours::Chalk.paper();
    let picture = Pixmap::decode_png(&make(&form("a.png", &chalk), &[bus(3)], "bus")).unwrap();
    assert_eq!((picture.width(), picture.pixel(0, 0).unwrap().red()), (120, slate.0));
    assert!(picture.pixels().iter().any(|pixel| pixel.red() == 255));
    let svg = String::from_utf8(make(&form("a.svg", &chalk), &[bus(3)], "bus")).unwrap();
    assert!(svg.contains(&slate.hex()) && svg.contains("stroke=\"#ffffff\"") && svg.contains("stroke-width=\"10.2\""), "{svg}");

    let clear = Look { transparent: true, ..chalk };
    for count in [1, 5] {
        let sketches: Vec<Sketch> = (0..count).map(bus).collect();
        let picture = Pixmap::decode_png(&make(&form("a.png", &clear), &sketches, "bus")).unwrap();
        assert_eq!(picture.pixel(0, 0).unwrap().alpha(), 0, "{count}");
        // Ink keeps its colour where it is half there.
        assert!(picture.pixels().iter().filter(|pixel| pixel.alpha() > 0).all(|pixel| pixel.demultiply().red() == 255), "{count}");
        assert!(!String::from_utf8(make(&form("a.svg", &clear), &sketches, "bus")).unwrap().contains("<rect"));
    }
    assert_eq!(form("a.ndjson", &clear), Export::Ndjson);
}

#[test]
fn too_large_a_sheet_shrinks_and_then_is_refused() {
    let dot = Sketch { strokes: vec![Stroke::new(vec![[1.0, 1.0]])] };
    let many = vec![dot.clone(); 1200];
    let picture = Sheet::default().render(&many, "dot", &Cancel::default()).unwrap();
    assert!(u64::from(picture.width()) * u64::from(picture.height()) <= 64_000_000);
    let error = Sheet { columns: Some(1), ..Sheet::default() }.render(&many, "dot", &Cancel::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage, "{error}");
}

#[test]
fn every_form_repeats_itself_and_stops_when_asked() {
    let sketches: Vec<Sketch> = (0..3).map(bus).collect();
    for path in ["a.ndjson", "a.svg", "a.png", "a.gif"] {
        let export = Export::for_path(Path::new(path)).unwrap();
        assert_eq!(make(&export, &sketches, "bus"), make(&export, &sketches, "bus"), "{path}");
        let cancel = Cancel::default();
        cancel.cancel(Reason::Stopped);
        assert_eq!(export.bytes(&sketches, "bus", &cancel).unwrap_err().kind(), Kind::Cancelled, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ndjson_gives_back_whole_numbers_exactly(drawing in prop::collection::vec(prop::collection::vec([0u8..=255, 0u8..=255], 1..9), 1..9)) {
        let stroke = |points: &Vec<[u8; 2]>| Stroke::new(points.iter().map(|p| p.map(f32::from)).collect());
        let sketch = Sketch { strokes: drawing.iter().map(stroke).collect() };
        let read = lines(&make(&Export::Ndjson, std::slice::from_ref(&sketch), "cat"));
        prop_assert_eq!(sketch_of(&read[0]), sketch);
    }

    #[test]
    fn no_form_panics_on_any_numbers(drawing in prop::collection::vec(prop::collection::vec(prop::array::uniform2(any::<f32>()), 0..5), 0..5)) {
        let sketch = Sketch { strokes: drawing.into_iter().map(Stroke::new).collect() };
        for path in ["a.ndjson", "a.svg", "a.png", "a.gif"] {
            // Drawn or refused: either is an answer.
            let _ = Export::for_path(Path::new(path)).unwrap().bytes(std::slice::from_ref(&sketch), "x", &Cancel::default());
        }
    }
}
