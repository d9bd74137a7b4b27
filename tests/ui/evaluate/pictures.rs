//! Pictures of every state, for people: `DENOODLE_PICTURES=some/folder cargo test --test ui pictures -- --ignored`.

use std::path::Path;

use denoodle::session::{Event, Failure, Outcome, ScoreKind, Stage};
use denoodle::studio::engine::Job;
use denoodle::util::Kind;
use eframe::egui::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex};
use eframe::egui::{Color32, ColorImage, Rect, Theme, vec2};

use super::made_up::{evaluated, finished, scores};
use super::{evaluating, opened, running};
use crate::support::*;

const SIZES: [(u32, u32); 2] = [(1440, 900), (1100, 700)];

#[test]
#[ignore = "writes pictures for people to look at"]
fn pictures_of_every_state() {
    let folder = std::env::var("DENOODLE_PICTURES").expect("DENOODLE_PICTURES names a folder");
    let only = std::env::var("DENOODLE_STATE").unwrap_or_default();
    std::fs::create_dir_all(&folder).expect("a folder");
    for theme in THEMES {
        for (name, make) in STATES.iter().filter(|(name, _)| name.contains(&only)) {
            let mut window = make(theme);
            for (width, height) in SIZES {
                // The long ones in full, too.
                let tall = if name.starts_with("done") || name.starts_with("table") { height.max(2200) } else { height };
                for height in [height, tall] {
                    window.harness.set_size(vec2(width as f32, height as f32));
                    window.harness.run_steps(4);
                    let tone = format!("{theme:?}").to_lowercase();
                    save(&window, width, height, &Path::new(&folder).join(format!("{name}-{tone}-{width}x{height}.png")));
                }
            }
        }
    }
}

type Make = fn(Theme) -> Window;

const STATES: &[(&str, Make)] = &[
    ("none", |theme| {
        let mut window = Window::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["cat"], &[])));
        window.press("Evaluate");
        window
    }),
    ("empty", opened),
    ("running", |theme| {
        let mut window = running(theme);
        window.tell_all(Job::Evaluate, evaluating(Stage::Drawing(Some(2)), 7));
        window.tell(Job::Evaluate, Event::Progress { done: 412, total: Some(2000), unit: "drawings" });
        window
    }),
    ("failed", |theme| {
        let mut window = running(theme);
        window
            .tell(Job::Evaluate, Event::Failed("cannot read the drawings: truncated\n  in cat.ndjson, line 7\n  Fetch them again.".into()));
        window
    }),
    ("cancelled", |theme| {
        let mut window = running(theme);
        window.tell(Job::Evaluate, Event::Scored(Box::new(scores("cat", 3, false, 0.0))));
        window.tell(Job::Evaluate, Event::Finished(Outcome::Cancelled));
        window
    }),
    ("weights", absent),
    ("fetching", |theme| {
        let mut window = absent(theme);
        window.press("Fetch weights");
        window.tell(Job::Weights, Event::Progress { done: 40_000_000, total: Some(95_628_359), unit: "bytes" });
        window
    }),
    ("done", |theme| {
        let mut window = running(theme);
        window.tell(Job::Evaluate, finished(vec![evaluated("cat", 3, true, 0.0)], &["runs/cat-quick/evaluation-sketch/scores.json"]));
        window.harness.state_mut().state_mut().evaluation.explained = Some(ScoreKind::Fid);
        window
    }),
    ("table", |theme| {
        let mut window = running(theme);
        let results = ["cat", "bus", "rabbit"].iter().enumerate().map(|(i, name)| evaluated(name, 1, false, 0.1 * i as f64)).collect();
        window.tell(Job::Evaluate, finished(results, &[]));
        window.press("Scores of bus, row 2");
        window
    }),
    ("training", |theme| {
        let mut window = Window::stocked(theme);
        window.press("Start training");
        window.tell(Job::Train, step(1, Some(20), 0.5));
        window.press("Evaluate");
        window
    }),
];

fn absent(theme: Theme) -> Window {
    let mut window = opened(theme);
    window.press("Inception, as pytorch-fid");
    window.press("Run evaluation");
    let text = "the weights of the Inception network are not on this machine".into();
    window.tell(Job::Evaluate, Event::Failed(Failure { text, kind: Kind::WeightsAbsent }));
    window
}

/// Paints what the window shows, triangle by triangle.
fn save(window: &Window, width: u32, height: u32, path: &Path) {
    let ctx = &window.harness.ctx;
    let font = ctx.fonts(|fonts| fonts.image());
    let mut pixels = vec![[0.0f32; 3]; (width * height) as usize];
    for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(window.harness.output().shapes.clone(), 1.0) {
        if let Primitive::Mesh(mesh) = primitive {
            triangles(&mesh, clip_rect, &font, width, height, &mut pixels);
        }
    }
    let bytes = pixels.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255.0]).map(|value| value.round() as u8).collect();
    let size = tiny_skia::IntSize::from_wh(width, height).expect("a size");
    tiny_skia::Pixmap::from_vec(bytes, size).expect("as many bytes").save_png(path).expect("a picture");
}

fn triangles(mesh: &Mesh, clip: Rect, font: &ColorImage, width: u32, height: u32, pixels: &mut [[f32; 3]]) {
    for corners in mesh.indices.chunks_exact(3) {
        let [a, b, c] = [0, 1, 2].map(|i| mesh.vertices[corners[i] as usize]);
        let area = edge(a, b, c.pos.x, c.pos.y);
        if area == 0.0 {
            continue;
        }
        let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
        let (left, right) = (bounds.left().max(0.0) as u32, (bounds.right().ceil().max(0.0) as u32).min(width));
        let (top, bottom) = (bounds.top().max(0.0) as u32, (bounds.bottom().ceil().max(0.0) as u32).min(height));
        for (y, x) in (top..bottom).flat_map(|y| (left..right).map(move |x| (y, x))) {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains([px, py].into()) {
                continue;
            }
            let weights = [edge(b, c, px, py) / area, edge(c, a, px, py) / area, edge(a, b, px, py) / area];
            if weights.iter().any(|weight| *weight < 0.0) {
                continue;
            }
            let mix = |of: fn(&Vertex) -> f32| [&a, &b, &c].iter().zip(weights).map(|(vertex, weight)| of(vertex) * weight).sum::<f32>();
            let texel = texel(font, mix(|v| v.uv.x), mix(|v| v.uv.y));
            let colour = [mix(|v| v.color.r().into()), mix(|v| v.color.g().into()), mix(|v| v.color.b().into())];
            let alpha = mix(|v| v.color.a().into()) * texel / 255.0;
            let pixel = &mut pixels[(y * width + x) as usize];
            for channel in 0..3 {
                pixel[channel] = (colour[channel] * texel + pixel[channel] * (1.0 - alpha)).clamp(0.0, 255.0);
            }
        }
    }
}

fn edge(a: Vertex, b: Vertex, x: f32, y: f32) -> f32 {
    (b.pos.x - a.pos.x) * (y - a.pos.y) - (b.pos.y - a.pos.y) * (x - a.pos.x)
}

/// How much of the font's picture is there.
fn texel(font: &ColorImage, u: f32, v: f32) -> f32 {
    let [width, height] = font.size;
    let at = |x: isize, y: isize| {
        let (x, y) = (x.clamp(0, width as isize - 1) as usize, y.clamp(0, height as isize - 1) as usize);
        let pixel: Color32 = font.pixels[y * width + x];
        f32::from(pixel.a()) / 255.0
    };
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let (x, y) = (x.floor() as isize, y.floor() as isize);
    let row = |y| at(x, y) * (1.0 - fx) + at(x + 1, y) * fx;
    row(y) * (1.0 - fy) + row(y + 1) * fy
}
