//! Drawings on their way out of noise, made up by hand.

use std::time::Duration;

use denoodle::config::{DrawSettings, load};
use denoodle::session::{Capabilities, Event, Moment, Outcome, Part, Trace, Traced};
use denoodle::sketch::{Sketch, Stroke};

/// Strokes of the made-up drawing.
pub const STROKES: usize = 3;
/// Its denoising steps.
pub const STEPS: usize = 4;

fn line(shift: f32) -> Sketch {
    Sketch { strokes: vec![Stroke::new(vec![[shift, 0.0], [100.0, 100.0 + shift], [255.0, 20.0]])] }
}

fn part(stroke: usize, steps: usize) -> Part {
    let moment = |step: usize| {
        let sigma = if step == steps { 0.0 } else { 20.0 * 0.1f64.powi(step as i32) };
        Moment { sigma, x_t: line(30.0 + sigma as f32), x0: line(30.0), ..Moment::default() }
    };
    Part {
        moments: (0..=steps).map(moment).collect(),
        stop: Some(0.02 * stroke as f32),
        attention: (0..stroke).map(|earlier| 0.1 + 0.2 * earlier as f32).collect(),
    }
}

/// A drawing stroke by stroke.
pub fn trace(strokes: usize, steps: usize) -> Trace {
    Trace {
        parts: (0..strokes).map(|stroke| part(stroke, steps)).collect(),
        sketch: Sketch { strokes: (0..strokes).map(|stroke| line(30.0 + stroke as f32).strokes.remove(0)).collect() },
        end: Some(0.9),
    }
}

/// A model's own settings.
pub fn own() -> DrawSettings {
    DrawSettings { steps: STEPS, guidance: 2.0, category_guidance: 2.5, ..load("quick").expect("built in").draw }
}

/// What a model that draws stroke by stroke reports.
pub fn traced(strokes: usize, steps: usize, beside: Option<usize>) -> Event {
    let capabilities = Capabilities {
        stroke_trace: true,
        forward: true,
        completion: true,
        guidance: true,
        history_guidance: true,
        ..Capabilities::default()
    };
    of(capabilities, vec![trace(strokes, steps)], beside.map(|steps| trace(strokes, steps)).into_iter().collect())
}

/// What one that denoises the whole canvas reports.
pub fn whole() -> Event {
    whole_of(Capabilities { canvas_trace: true, forward: true, guidance: true, ..Capabilities::default() })
}

/// What one reports that is capable of this.
pub fn whole_of(capabilities: Capabilities) -> Event {
    let mut canvas = trace(1, STEPS);
    canvas.end = None;
    for part in &mut canvas.parts {
        part.stop = None;
        part.moments.iter_mut().for_each(|moment| {
            (moment.lifted, moment.over) = (vec![0.1, 0.9, 0.2], vec![0.0, 0.1, 0.6, 1.0]);
        });
    }
    of(capabilities, vec![canvas], Vec::new())
}

/// What one that denoises nothing reports.
pub fn unable() -> Event {
    of(Capabilities { temperature: true, ..Capabilities::default() }, Vec::new(), Vec::new())
}

fn of(capabilities: Capabilities, traces: Vec<Trace>, beside: Vec<Trace>) -> Event {
    let took = Duration::from_millis(40);
    Event::Finished(Outcome::Traced(Box::new(Traced { capabilities, traces, beside, category: "cat".into(), own: own(), took })))
}

/// Noise in a drawing of so many strokes.
pub fn noised(strokes: usize) -> Event {
    let mut trace = trace(strokes, STEPS);
    trace.end = None;
    trace.parts.iter_mut().for_each(|part| (part.stop, part.attention) = (None, Vec::new()));
    Event::Finished(Outcome::Noised(Box::new(trace)))
}
