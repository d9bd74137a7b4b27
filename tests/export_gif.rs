//! Playback: the GIF shows what it should, for as long as it should, in as few bytes as promised.
#![allow(clippy::unwrap_used)]

mod common;

use common::real_drawings;
use denoodle::data::sketchbook;
use denoodle::export::{Export, Gif};
use denoodle::raster::{Ink, ORDER_ON_LIGHT, Pixmap, Rgb};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::{Cancel, Kind, Reason};

/// A decoded GIF: every frame as it is seen, red, green, blue a pixel.
struct Film {
    width: usize,
    height: usize,
    frames: Vec<Vec<[u8; 3]>>,
    delays: Vec<u16>,
    repeat: gif::Repeat,
    boxes: Vec<usize>,
    /// Whether a pixel was ever painted.
    painted: Vec<bool>,
}

fn film(bytes: &[u8]) -> Film {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut decoder = options.read_info(bytes).unwrap();
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    let palette = decoder.global_palette().unwrap().to_vec();
    let mut seen = vec![[1u8, 2, 3]; width * height];
    let mut film = Film {
        width,
        height,
        frames: vec![],
        delays: vec![],
        repeat: decoder.repeat(),
        boxes: vec![],
        painted: vec![false; width * height],
    };
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert!(frame.palette.is_none(), "one fixed palette");
        let wide = usize::from(frame.width);
        for (i, &index) in frame.buffer.iter().enumerate() {
            if Some(index) != frame.transparent {
                let at = (usize::from(frame.top) + i / wide) * width + usize::from(frame.left) + i % wide;
                seen[at].copy_from_slice(&palette[usize::from(index) * 3..][..3]);
                film.painted[at] = true;
            }
        }
        film.frames.push(seen.clone());
        film.delays.push(frame.delay);
        film.boxes.push(frame.buffer.len());
    }
    film.repeat = decoder.repeat();
    film
}

fn make(gif: Gif, sketches: &[Sketch]) -> Vec<u8> {
    Export::Gif(gif).bytes(sketches, "cat", &Cancel::default()).unwrap()
}

fn cat(index: u64) -> Sketch {
    sketchbook::drawing("cat", 5, index).unwrap()
}

fn dark(frame: &[[u8; 3]]) -> usize {
    frame.iter().filter(|pixel| pixel[0] < 128).count()
}

/// The largest difference of a channel.
fn difference(frame: &[[u8; 3]], still: &Pixmap) -> u8 {
    let pixel = |(a, b): (&[u8; 3], &[u8])| (0..3).map(|i| a[i].abs_diff(b[i])).max().unwrap_or(0);
    frame.iter().zip(still.data().chunks_exact(4)).map(pixel).max().unwrap_or(0)
}

#[test]
fn a_cat_is_drawn_at_fifty_frames_a_second_and_loops() {
    let bytes = make(Gif::default(), &[cat(0)]);
    let film = film(&bytes);
    assert_eq!((film.width, film.height), (256, 256));
    assert!(matches!(film.repeat, gif::Repeat::Infinite));
    let (last, others) = film.delays.split_last().unwrap();
    assert!(others.iter().all(|&delay| delay == 2), "50 frames a second");
    assert!(*last >= 100, "a pause at the end, not {last} cs");
    let seconds = film.frames.len() as f64 / 50.0;
    assert!((2.0..=6.0).contains(&seconds), "{seconds} s");
    assert!(bytes.len() < 300_000, "{} bytes", bytes.len());
    let later: usize = film.boxes[1..].iter().sum::<usize>() / (film.boxes.len() - 1);
    assert!(later < 256 * 256 / 20, "frames are cropped: {later} pixels on average");
}

#[test]
fn the_last_frame_is_the_still_picture() {
    for (gif, allowed) in [
        (Gif::default(), 10),
        (Gif { side: 128, label: false, line: 0.03, ..Gif::default() }, 10),
        (Gif { paper: Rgb(250, 245, 235), ink: Ink::One(Rgb(30, 40, 90)), ..Gif::default() }, 10),
        // Where two inks cross, the shade between them is only near.
        (Gif { ink: Ink::ByOrder(ORDER_ON_LIGHT), ..Gif::default() }, 60),
    ] {
        for sketches in [vec![cat(1)], vec![cat(2), cat(3), cat(4)]] {
            let film = film(&make(gif.clone(), &sketches));
            let off = difference(film.frames.last().unwrap(), &gif.still(&sketches).unwrap());
            assert!(off <= allowed, "{off} off with {gif:?}");
        }
    }
}

#[test]
fn without_ground_only_ink_is_painted_and_speed_shortens() {
    let film_of = |gif: Gif| film(&make(gif, &[cat(1)]));
    let (usual, clear) = (film_of(Gif { label: false, ..Gif::default() }), film_of(Gif { transparent: true, ..Gif::default() }));
    let ink = |film: &Film| dark(film.frames.last().unwrap());
    let painted = clear.painted.iter().filter(|&&painted| painted).count();
    assert!(usual.painted.iter().all(|&painted| painted));
    assert!(painted >= ink(&usual) && painted < 256 * 256 / 5, "{painted} of ink {}", ink(&usual));
    let fast = film_of(Gif { label: false, speed: 2.0, ..Gif::default() });
    assert!((fast.frames.len() * 2).abs_diff(usual.frames.len()) <= 2, "{} and {}", fast.frames.len(), usual.frames.len());
    assert_eq!(
        Export::Gif(Gif { speed: 0.0, ..Gif::default() }).bytes(&[cat(1)], "cat", &Cancel::default()).unwrap_err().kind(),
        Kind::Usage
    );
}

#[test]
fn the_pen_moves_all_the_time_and_ink_stays() {
    let film = film(&make(Gif { label: false, ..Gif::default() }, &[cat(6)]));
    let ink: Vec<usize> = film.frames.iter().map(|frame| dark(frame)).collect();
    assert!(ink[0] < 30 && *ink.last().unwrap() > 300, "from {} to {:?}", ink[0], ink.last());
    let jump = ink.windows(2).map(|pair| pair[1].abs_diff(pair[0])).max().unwrap();
    assert!(jump < ink.last().unwrap() / 12, "no stroke appears at once: {jump} pixels in one frame");
    let resting = ink.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(resting * 2 < ink.len(), "{resting} of {} frames do not move", ink.len());
    for pair in film.frames.windows(2) {
        let faded = pair[0].iter().zip(&pair[1]).filter(|(a, b)| b[0] > a[0].saturating_add(40)).count();
        // The moving tip's rounded end may change by a shade; nothing that was drawn goes away.
        assert_eq!(faded, 0);
    }
}

#[test]
fn the_label_tells_the_stroke() {
    let sketch = cat(7);
    let labelled = film(&make(Gif::default(), std::slice::from_ref(&sketch)));
    let strip = |frame: &[[u8; 3]]| -> Vec<[u8; 3]> { (0..18).flat_map(|y| frame[y * 256..y * 256 + 110].to_vec()).collect() };
    let mut strips: Vec<Vec<[u8; 3]>> = labelled.frames.iter().map(|frame| strip(frame)).collect();
    assert!(strips.iter().all(|strip| dark(strip) > 60));
    strips.dedup();
    assert_eq!(strips.len(), sketch.strokes.len(), "one label a stroke");
    let plain = film(&make(Gif { label: false, ..Gif::default() }, std::slice::from_ref(&sketch)));
    let left = |frame: &[[u8; 3]]| (0..14).flat_map(|y| frame[y * 256..y * 256 + 40].to_vec()).filter(|p| p[0] < 128).count();
    assert_eq!(left(plain.frames.last().unwrap()), 0);
}

#[test]
fn a_grid_draws_all_at_once() {
    let sketches: Vec<Sketch> = (0..6).map(cat).collect();
    let film = film(&make(Gif { side: 300, ..Gif::default() }, &sketches));
    assert_eq!((film.width, film.height), (300, 200));
    let cell = |frame: &[[u8; 3]], i: usize| {
        let (x, y) = (i % 3 * 100, i / 3 * 100);
        (y..y + 100).map(|y| dark(&frame[y * 300 + x..y * 300 + x + 100])).sum::<usize>()
    };
    let middle = &film.frames[film.frames.len() / 2];
    for i in 0..6 {
        let (half, whole) = (cell(middle, i), cell(film.frames.last().unwrap(), i));
        assert!(half > 10 && half < whole, "cell {i}: {half} of {whole}");
    }
}

#[test]
fn settings_are_obeyed() {
    let gif = Gif { seconds: Some(1.0), rate: 25, pause_secs: 0.5, ..Gif::default() };
    let film = film(&make(gif, &[cat(0)]));
    assert_eq!((film.frames.len(), film.delays[0], film.delays[24]), (25, 4, 54));
    for bad in [
        Gif { side: 0, ..Gif::default() },
        Gif { rate: 0, ..Gif::default() },
        Gif { rate: 51, ..Gif::default() },
        Gif { line: f32::NAN, ..Gif::default() },
        Gif { seconds: Some(f64::NAN), ..Gif::default() },
        Gif { pause_secs: f64::INFINITY, ..Gif::default() },
    ] {
        let error = Export::Gif(bad).bytes(&[cat(0)], "cat", &Cancel::default()).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{error}");
    }
    let crowd = vec![cat(0); 200];
    assert_eq!(Export::Gif(Gif::default()).bytes(&crowd, "cat", &Cancel::default()).unwrap_err().kind(), Kind::Usage);
}

#[test]
fn odd_drawings_are_drawn_or_refused_with_a_reason() {
    let cancel = Cancel::default();
    let dot = Sketch { strokes: vec![Stroke::new(vec![[7.0, 7.0]])] };
    let shown = film(&make(Gif::default(), &[dot]));
    assert!((100..=130).contains(&shown.frames.len()) && dark(shown.frames.last().unwrap()) > dark(&shown.frames[0]));
    let lines = (0..60).map(|i| Stroke::new(vec![[0.0, 4.0 * i as f32], [255.0, 4.0 * i as f32 + 3.0]])).collect();
    let many = film(&make(Gif::default(), &[Sketch { strokes: lines }]));
    assert_eq!(many.frames.len(), 300, "at most six seconds");
    let nan = Sketch { strokes: vec![Stroke::new(vec![[1.0, 2.0], [f32::NAN, 4.0]])] };
    let error = Export::Gif(Gif::default()).bytes(&[cat(0), nan], "cat", &cancel).unwrap_err().to_string();
    assert!(error.contains("drawing 2") && error.contains("NaN"), "{error}");
    for nothing in [vec![], vec![Sketch::default()], vec![Sketch { strokes: vec![Stroke::default()] }]] {
        assert!(Export::Gif(Gif::default()).bytes(&nothing, "cat", &cancel).unwrap_err().to_string().contains("to export"));
    }
}

#[test]
fn the_same_drawing_gives_the_same_bytes() {
    assert_eq!(make(Gif::default(), &[cat(9)]), make(Gif::default(), &[cat(9)]));
}

#[test]
fn a_long_export_stops_when_asked() {
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let export = std::thread::Builder::new().name("export".into()).spawn(move || {
        let gif = Gif { side: 2048, seconds: Some(60.0), ..Gif::default() };
        Export::Gif(gif).bytes(&[cat(0)], "cat", &asked)
    });
    std::thread::sleep(std::time::Duration::from_millis(30));
    cancel.cancel(Reason::Stopped);
    assert_eq!(export.unwrap().join().unwrap().unwrap_err().kind(), Kind::Cancelled);
}

#[test]
fn a_median_real_cat_stays_under_300_kilobytes() {
    let Some(cats) = real_drawings("cat", 50) else { return };
    let mut sizes: Vec<usize> = cats.iter().map(|cat| make(Gif::default(), std::slice::from_ref(cat)).len()).collect();
    sizes.sort_unstable();
    println!("50 real cats: median {} bytes, largest {}", sizes[25], sizes[49]);
    assert!(sizes[25] < 300_000, "{sizes:?}");
}
