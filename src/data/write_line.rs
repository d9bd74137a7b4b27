//! One drawing as one line of the data set's own simplified form.

use serde::Serialize;

use crate::sketch::{DATA_SIDE, Point, Sketch, Stroke};
use crate::util::rng::hash;
use crate::util::{Context, Error, Result};

/// The fields, in the official order. `procedural` is ours: readers of the official form pass over it.
#[derive(Serialize)]
struct Line<'a> {
    word: &'a str,
    countrycode: &'a str,
    timestamp: &'a str,
    recognized: bool,
    key_id: String,
    drawing: &'a [[Vec<u8>; 2]],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    procedural: bool,
}

/// A drawing in the data frame as a line of JSON, its line end included.
///
/// Coordinates are rounded to whole numbers 0..255. A drawing that leaves the frame is fitted into it anew; one that lies
/// in it stays where it is. `key_id` is made from the word and the coordinates: equal drawings have equal keys. Country and
/// time are empty: there are none.
///
/// # Errors
/// A drawing without strokes, a stroke without points, a coordinate that is not a number: no reader would take the line.
pub fn write_line(sketch: &Sketch, word: &str, procedural: bool) -> Result<String> {
    let drawing = strokes_of(sketch)?;
    // Sixteen digits, like the official keys.
    let key_id = format!("{:016}", hash(&format!("{word} {drawing:?}")) % 10_000_000_000_000_000);
    let line = Line { word, countrycode: "", timestamp: "", recognized: true, key_id, drawing: &drawing, procedural };
    let mut text = serde_json::to_string(&line).context("cannot write the drawing as JSON")?;
    text.push('\n');
    Ok(text)
}

/// The strokes alone as such a line has them: of each the x, then the y of its points.
///
/// # Errors
/// As of [`write_line`].
pub fn strokes_of(sketch: &Sketch) -> Result<Vec<[Vec<u8>; 2]>> {
    if sketch.strokes.is_empty() {
        return Err(Error::new("the drawing has no strokes"));
    }
    if let Some(number) = sketch.strokes.iter().position(|stroke| stroke.points.is_empty()) {
        return Err(Error::new(format!("stroke {} of the drawing has no points", number + 1)));
    }
    if sketch.points().flatten().any(|v| !v.is_finite()) {
        return Err(Error::new("the drawing has a coordinate that is not a number"));
    }
    let inside = |v: &f32| (0.0..=DATA_SIDE).contains(&v.round());
    let refitted = if sketch.points().flatten().all(inside) { None } else { Some(sketch.to_data_frame()) };
    let sketch = refitted.as_ref().unwrap_or(sketch);
    let axis = |points: &[[f32; 2]], i: usize| points.iter().map(|p| p[i].round().clamp(0.0, DATA_SIDE) as u8).collect();
    Ok(sketch.strokes.iter().map(|s| [axis(&s.points, 0), axis(&s.points, 1)]).collect())
}

/// The drawing of such strokes; `None` if one has no points, or not as many x as y.
pub fn sketch_of(strokes: &[[Vec<u8>; 2]]) -> Option<Sketch> {
    let stroke = |[xs, ys]: &[Vec<u8>; 2]| {
        let points: Vec<Point> = xs.iter().zip(ys).map(|(&x, &y)| [f32::from(x), f32::from(y)]).collect();
        (!points.is_empty() && xs.len() == ys.len()).then(|| Stroke::new(points))
    };
    let strokes = strokes.iter().map(stroke).collect::<Option<Vec<_>>>()?;
    Some(Sketch { strokes })
}
