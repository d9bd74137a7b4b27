//! The studio's renderer: fitted, centred, alike at every size, never out of bounds.
#![allow(clippy::unwrap_used)]

use denoodle::data::sketchbook;
use denoodle::raster::{Ink, ORDER_ON_LIGHT, Pixmap, Progress, Renderer, Rgb, Studio, Timeline};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::Kind;

fn rabbit() -> Sketch {
    sketchbook::drawing("rabbit", 3, 1).unwrap()
}

fn line(points: &[[f32; 2]]) -> Sketch {
    Sketch { strokes: vec![Stroke::new(points.to_vec())] }
}

/// Left, top, right, bottom of everything that is not paper.
fn inked(picture: &Pixmap) -> Option<[u32; 4]> {
    let wide = picture.width();
    let dark = picture.pixels().iter().enumerate().filter(|(_, p)| p.red() < 250).map(|(i, _)| (i as u32 % wide, i as u32 / wide));
    dark.fold(None, |seen, (x, y)| {
        let [l, t, r, b] = seen.unwrap_or([x, y, x, y]);
        Some([l.min(x), t.min(y), r.max(x), b.max(y)])
    })
}

fn ink(picture: &Pixmap) -> f32 {
    picture.pixels().iter().map(|p| 1.0 - f32::from(p.red()) / 255.0).sum::<f32>() / picture.pixels().len() as f32
}

#[test]
fn a_drawing_is_centred_and_reaches_the_margin() {
    let tall = line(&[[900.0, -50.0], [910.0, 10.0], [890.0, 950.0]]);
    let picture = Studio { width: 300, height: 200, ..Studio::square(200) }.render(&tall).unwrap();
    let [left, top, right, bottom] = inked(&picture).unwrap();
    assert!((10..=12).contains(&top) && (187..=189).contains(&bottom), "{top} {bottom}");
    assert!((left + right).abs_diff(299) <= 1, "{left} {right}");
}

#[test]
fn a_thumbnail_and_a_poster_look_alike() {
    let shares: Vec<f32> = [96, 256, 1024].map(|side| ink(&Studio::square(side).render(&rabbit()).unwrap())).to_vec();
    assert!(shares.iter().all(|share| (share / shares[2] - 1.0).abs() < 0.05), "{shares:?}");
}

#[test]
fn a_dot_is_round_and_in_the_middle() {
    let picture = Studio::square(200).render(&line(&[[33.0, 44.0]])).unwrap();
    let [left, top, right, bottom] = inked(&picture).unwrap();
    assert_eq!((left + right, top + bottom, right - left), (199, 199, bottom - top));
    assert!((3..=5).contains(&(right - left)));
    let twice = Studio::square(200).render(&line(&[[33.0, 44.0], [33.0, 44.0]])).unwrap();
    assert_eq!(picture.data(), twice.data());
}

#[test]
fn half_a_line_is_half_drawn_in_its_final_place() {
    let sketch = line(&[[0.0, 0.0], [100.0, 0.0]]);
    let picture = Studio::square(200).render_part(&sketch, Progress { whole: 0, part: 0.5 }).unwrap();
    let [left, _, right, _] = inked(&picture).unwrap();
    assert!((10..=13).contains(&left) && (99..=102).contains(&right), "{left} {right}");
    let nothing = Studio::square(200).render_part(&sketch, Progress { whole: 0, part: 0.0 }).unwrap();
    assert!(inked(&nothing).is_none());
}

#[test]
fn parts_grow_into_the_whole() {
    let (sketch, studio) = (rabbit(), Studio::square(128));
    let timeline = Timeline::new(&sketch);
    let shares: Vec<f32> = (0..=40).map(|i| ink(&studio.render_part(&sketch, timeline.at(f64::from(i) / 40.0)).unwrap())).collect();
    assert!(shares[0] == 0.0 && shares.windows(2).all(|pair| pair[0] <= pair[1] + 1e-6), "{shares:?}");
    let last = studio.render_part(&sketch, timeline.at(1.0)).unwrap();
    assert_eq!(last.data(), studio.render(&sketch).unwrap().data());
}

#[test]
fn pictures_are_opaque_and_colours_are_obeyed() {
    let studio = Studio { paper: Rgb(20, 30, 40), ink: Ink::ByOrder(ORDER_ON_LIGHT), ..Studio::square(100) };
    let sketch =
        Sketch { strokes: vec![line(&[[0.0, 0.0], [9.0, 0.0]]).strokes.remove(0), line(&[[0.0, 9.0], [9.0, 9.0]]).strokes.remove(0)] };
    let picture = Studio { line: 0.05, ..studio }.render(&sketch).unwrap();
    let at = |x, y| picture.pixel(x, y).map(|p| Rgb(p.red(), p.green(), p.blue()));
    assert_eq!((at(50, 50), at(50, 6), at(50, 93)), (Some(Rgb(20, 30, 40)), Some(ORDER_ON_LIGHT[0]), Some(ORDER_ON_LIGHT[4])));
    assert!(picture.pixels().iter().all(|p| p.alpha() == 255));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    for v in [f32::NAN, f32::INFINITY, 1e30] {
        let error = Studio::square(64).render(&line(&[[0.0, 0.0], [1.0, v]])).unwrap_err().to_string();
        assert!(error.contains("stroke 1"), "{error}");
    }
    for studio in [
        Studio::square(0),
        Studio::square(100_000),
        Studio { line: 0.0, ..Studio::square(64) },
        Studio { margin: 0.6, ..Studio::square(64) },
    ] {
        assert_eq!(studio.render(&rabbit()).unwrap_err().kind(), Kind::Usage);
    }
    assert!(inked(&Studio::square(64).render(&Sketch::default()).unwrap()).is_none());
}
