//! One line of a file: a fast scanner for the form that the data set has, and a patient reader for everything else.
//!
//! The scanner knows exactly one form, that of the official simplified files (the order of the fields, no blanks, whole numbers
//! 0..255 without times; the sketchbook's mark may follow), and gives up at the first byte that is otherwise. Then serde_json reads the line, which also finds the
//! words for what is wrong with it. Whatever the scanner accepts, the patient reader reads alike; a property test holds this.

use std::borrow::Cow;

use memchr::{memchr, memmem};
use serde::Deserialize;
use serde_json::Value;

use super::drawings::{Drawings, Label, UNIT};
use super::raw;
use super::report::{Problem, ReadReport};
use crate::sketch::{DATA_SIDE, Point, Sketch, Stroke};
use crate::util::number::plain;

/// No drawing's line is longer; a longer one is left out without being kept in memory.
pub const MAX_LINE_BYTES: usize = 4 << 20;

/// No drawing has more points; the game stopped after 20 seconds.
pub const MAX_POINTS: usize = 20_000;

/// No coordinate or time is larger.
const MAX_NUMBER: f64 = 1e6;

/// Reads one line, given without its line end, as zero-based line `number` of its file (or of its part). A bad line is reported and adds no drawing.
pub(super) fn read_line(line: &[u8], number: u32, out: &mut Drawings, report: &mut ReadReport) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (points, strokes) = (out.points.len(), out.stroke_ends.len());
    if line.len() <= MAX_LINE_BYTES {
        if out.times.is_empty()
            && let Some((word, label)) = scan(line, out)
        {
            out.close(number, label);
            report.saw(word, 1);
            report.drawings += 1;
            return;
        }
        // The scanner may have given up midway.
        out.points.truncate(points);
        out.stroke_ends.truncate(strokes);
    }
    match patient(line) {
        Ok(read) => {
            out.push(&read.sketch, number, read.label);
            report.saw(&read.word, 1);
            report.drawings += 1;
            report.scaled += u64::from(read.scaled);
        }
        Err((problem, detail)) => report.add(u64::from(number) + 1, problem, detail),
    }
}

/// True if the line is a good drawing.
pub(super) fn is_drawing(line: &[u8]) -> bool {
    patient(line.strip_suffix(b"\r").unwrap_or(line)).is_ok()
}

/// The known form. Adds the strokes, but does not close the drawing.
fn scan<'a>(line: &'a [u8], out: &mut Drawings) -> Option<(&'a str, Label)> {
    let rest = line.strip_prefix(br#"{"word":""#)?;
    let (word, rest) = text(rest)?;
    let (_, rest) = text(rest.strip_prefix(br#","countrycode":""#)?)?;
    let (_, rest) = text(rest.strip_prefix(br#","timestamp":""#)?)?;
    let rest = rest.strip_prefix(br#","recognized":"#)?;
    let (recognized, rest) = match rest.strip_prefix(b"true") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix(b"false")?),
    };
    let (key, rest) = text(rest.strip_prefix(br#","key_id":""#)?)?;
    let rest = rest.strip_prefix(br#","drawing":[["#)?;
    if ![&b"}"[..], br#","procedural":true}"#].contains(&strokes(rest, out)?) {
        return None;
    }
    Some((word, Label { key: key_number(key), recognized }))
}

/// A string's content up to its closing quote, without escapes, and what follows the quote.
fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr(b'"', bytes)?;
    let (content, rest) = (&bytes[..end], &bytes[end + 1..]);
    let plain = content.iter().all(|&b| (0x20..0x7f).contains(&b) && b != b'\\');
    Some((if plain { std::str::from_utf8(content).ok()? } else { return None }, rest))
}

/// From behind `"drawing":[[` to behind the last bracket.
fn strokes<'a>(bytes: &'a [u8], out: &mut Drawings) -> Option<&'a [u8]> {
    let start = out.points.len();
    let mut at = 0;
    loop {
        let first = out.points.len();
        at = numbers(bytes, at, |x| {
            out.points.push([x, 0]);
            true
        })?;
        if *bytes.get(at)? != b',' {
            return None;
        }
        let mut next = first;
        at = numbers(bytes, at + 1, |y| match out.points.get_mut(next) {
            Some(point) => {
                point[1] = y;
                next += 1;
                true
            }
            None => false,
        })?;
        if next != out.points.len() {
            return None;
        }
        out.stroke_ends.push(next as u32);
        match bytes.get(at..)? {
            [b']', b',', b'[', ..] => at += 3,
            [b']', b']', rest @ ..] => {
                let points = &out.points[start..];
                // Too few, too many, or all alike: the patient reader knows what to say.
                let drawable = points.len() <= MAX_POINTS && points.iter().any(|p| *p != points[0]);
                return drawable.then_some(rest);
            }
            _ => return None,
        }
    }
}

/// `[n,n,…]` from `at`, each 0..255 without sign, blank, leading zero or fraction; gives the position behind the bracket.
#[inline(always)]
fn numbers(bytes: &[u8], at: usize, mut take: impl FnMut(u16) -> bool) -> Option<usize> {
    let mut at = at + 1;
    if bytes.get(at - 1) != Some(&b'[') {
        return None;
    }
    loop {
        let digit = |at: usize| bytes.get(at).map_or(255, |b| b.wrapping_sub(b'0'));
        let mut value = u16::from(digit(at));
        if value > 9 {
            return None;
        }
        at += 1;
        if value != 0 {
            for _ in 0..2 {
                let next = u16::from(digit(at));
                if next > 9 {
                    break;
                }
                value = value * 10 + next;
                at += 1;
            }
        }
        if value > DATA_SIDE as u16 || !take(value * UNIT as u16) {
            return None;
        }
        at += 1;
        match bytes.get(at - 1)? {
            b',' => {}
            b']' => return Some(at),
            _ => return None,
        }
    }
}

/// The data set's keys are numbers of up to 16 digits; others count as none.
fn key_number(key: &str) -> u64 {
    key.parse().unwrap_or(0)
}

/// What the patient reader found.
struct Read {
    word: String,
    label: Label,
    sketch: Sketch,
    scaled: bool,
}

type Fault = (Problem, String);

/// The fields that matter; others may be there.
#[derive(Deserialize)]
struct Form<'a> {
    #[serde(borrow, default)]
    word: Option<Cow<'a, str>>,
    #[serde(default)]
    recognized: Option<Value>,
    #[serde(default)]
    key_id: Option<Value>,
    drawing: Vec<Vec<Vec<f64>>>,
}

/// Any JSON, any faults.
fn patient(line: &[u8]) -> Result<Read, Fault> {
    if line.len() > MAX_LINE_BYTES {
        return Err(too_long(line.len() as u64));
    }
    let Ok(line) = std::str::from_utf8(line) else {
        return Err((Problem::NotUtf8, "this is not UTF-8 text".into()));
    };
    // Some editors begin a file with a byte order mark.
    let line = line.trim_start_matches('\u{feff}');
    if line.trim().is_empty() {
        return Err((Problem::Blank, "the line is blank".into()));
    }
    let form: Form = serde_json::from_str(line).map_err(|error| fault(line, &error))?;
    let sketch = sketch(&form.drawing)?;
    let timed = sketch.strokes.iter().any(|stroke| stroke.times.is_some());
    let inside = sketch.points().flatten().all(|v| (0.0..=DATA_SIDE).contains(v));
    let scaled = timed || !inside;
    let sketch = if scaled {
        raw::simplify(&sketch).ok_or_else(|| (Problem::TooManyPoints, "the line is far longer than any person draws".into()))?
    } else {
        sketch
    };
    let key = match &form.key_id {
        Some(Value::String(key)) => key_number(key),
        Some(Value::Number(key)) => key.as_u64().unwrap_or(0),
        _ => 0,
    };
    let recognized = form.recognized.as_ref().and_then(Value::as_bool).unwrap_or(false);
    Ok(Read { word: form.word.unwrap_or_default().into_owned(), label: Label { key, recognized }, sketch, scaled })
}

/// What to say of a line that is longer than any drawing's.
pub(super) fn too_long(bytes: u64) -> Fault {
    (Problem::TooLong, format!("the line is {:.1} MB long, but a drawing's is at most {} MB", bytes as f64 / 1e6, MAX_LINE_BYTES >> 20))
}

/// Checks the shape of a drawing.
fn sketch(drawing: &[Vec<Vec<f64>>]) -> Result<Sketch, Fault> {
    if drawing.is_empty() {
        return Err((Problem::NoStrokes, "the drawing has no strokes".into()));
    }
    let points: usize = drawing.iter().filter_map(|stroke| stroke.first()).map(Vec::len).sum();
    if points > MAX_POINTS {
        return Err((Problem::TooManyPoints, format!("the drawing has {points} points, but at most {MAX_POINTS} are read")));
    }
    let timed = drawing[0].len() == 3;
    let mut strokes = Vec::with_capacity(drawing.len());
    for (i, arrays) in drawing.iter().enumerate() {
        let n = i + 1;
        let arity = |what: String| Err((Problem::Arity, what));
        let (xs, ys, ts) = match arrays.as_slice() {
            [xs, ys] => (xs, ys, None),
            [xs, ys, ts] => (xs, ys, Some(ts)),
            other => return arity(format!("stroke {n} has {} arrays, but should have two (x, y) or three (x, y, time)", other.len())),
        };
        if xs.len() != ys.len() {
            return arity(format!("stroke {n} has {} x but {} y", xs.len(), ys.len()));
        }
        if let Some(ts) = ts.filter(|ts| ts.len() != xs.len()) {
            let (points, times) = (plain(xs.len(), "point", "points"), plain(ts.len(), "time", "times"));
            return arity(format!("stroke {n} has {points} but {times}"));
        }
        if ts.is_some() != timed {
            return arity(format!("stroke {n} {} times, unlike stroke 1", if timed { "has no" } else { "has" }));
        }
        if xs.is_empty() {
            return Err((Problem::EmptyStroke, format!("stroke {n} has no points")));
        }
        if let Some(wild) = arrays.iter().flatten().find(|v| !(-MAX_NUMBER..=MAX_NUMBER).contains(*v)) {
            return Err((Problem::NotANumber, format!("stroke {n} holds {wild}, but numbers up to {MAX_NUMBER} are read")));
        }
        let points: Vec<Point> = xs.iter().zip(ys).map(|(&x, &y)| [x as f32, y as f32]).collect();
        strokes.push(Stroke { points, times: ts.map(|ts| ts.iter().map(|&t| t as f32).collect()) });
    }
    let sketch = Sketch { strokes };
    if sketch.bounds().is_none_or(|bounds| bounds.side() <= 0.0) {
        return Err((Problem::OnePoint, "all ink is in one point".into()));
    }
    Ok(sketch)
}

/// Finds out what serde_json could not read.
fn fault(line: &str, error: &serde_json::Error) -> Fault {
    let column = error.column();
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(fields)) => match fields.get("drawing") {
            None => (Problem::NotADrawing, "there is no field 'drawing'".into()),
            Some(drawing) => match not_a_number(drawing) {
                Some(what) => (Problem::NotANumber, format!("the drawing holds {what} where a number should be")),
                None => (Problem::NotADrawing, format!("'drawing' or another field is not what it should be: {error}")),
            },
        },
        Ok(_) => (Problem::NotJson, "this is JSON, but not an object".into()),
        // Python writes these, though they are not JSON.
        Err(_) if ["NaN", "Infinity"].iter().any(|word| memmem::find(line.as_bytes(), word.as_bytes()).is_some()) => {
            (Problem::NotANumber, format!("column {column}: NaN or Infinity where a number should be"))
        }
        Err(error) if error.to_string().starts_with("number out of range") => {
            (Problem::NotANumber, format!("column {column}: a number is out of range"))
        }
        Err(error) => (Problem::NotJson, format!("this is not JSON: {error}").replace(" at line 1", ",")),
    }
}

/// Something within properly nested arrays that is not a number.
fn not_a_number(drawing: &Value) -> Option<String> {
    let strokes = drawing.as_array()?.iter().filter_map(Value::as_array);
    let found = strokes.flatten().filter_map(Value::as_array).flatten().find(|value| !value.is_number())?;
    Some(found.to_string().chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"word":"cat","countrycode":"VE","timestamp":"2017-03-02 23:25:10.07453 UTC","recognized":true,"key_id":"5201136883597312","drawing":[[[0,255,100],[7,9,30]],[[4],[200]]]}"#;

    fn read(line: &str) -> (Drawings, ReadReport) {
        let (mut out, mut report) = (Drawings::default(), ReadReport::default());
        read_line(line.as_bytes(), 0, &mut out, &mut report);
        (out, report)
    }

    #[test]
    fn the_scanner_reads_the_official_form_itself() {
        let mut out = Drawings::default();
        let (word, label) = scan(GOOD.as_bytes(), &mut out).expect("the known form");
        out.close(0, label);
        assert_eq!((word, out.key(0), out.recognized(0), out.counts(0)), ("cat", 5_201_136_883_597_312, true, (2, 4)));
        assert_eq!(out.sketch(0).strokes[0].points, [[0.0, 7.0], [255.0, 9.0], [100.0, 30.0]]);
        assert_eq!(out.sketch(0), patient(GOOD.as_bytes()).map(|read| read.sketch).unwrap_or_default());
    }

    #[test]
    fn other_spellings_of_the_same_drawing_read_alike() {
        let blanks = GOOD.replace(',', ", ").replace(':', ": ");
        let escaped = GOOD.replace("cat", "c\\u0061t");
        let floats = GOOD.replace("255", "255.0").replace("30]", "3e1]");
        for other in [&blanks, &escaped, &floats, &format!("{GOOD}\r"), &format!("\u{feff}{GOOD}")] {
            let (out, report) = read(other);
            assert_eq!((out.sketch(0), report.word()), (read(GOOD).0.sketch(0), Some("cat")), "{other}");
        }
    }

    #[test]
    fn every_fault_has_its_name() {
        let drawing = |text: &str| format!(r#"{{"word":"cat","drawing":{text}}}"#);
        let cases = [
            ("", Problem::Blank),
            ("  ", Problem::Blank),
            ("{", Problem::NotJson),
            ("[1]", Problem::NotJson),
            ("{}", Problem::NotADrawing),
            (&drawing("7"), Problem::NotADrawing),
            (&drawing("[[7]]"), Problem::NotADrawing),
            (&drawing("[]"), Problem::NoStrokes),
            (&drawing("[[[],[]]]"), Problem::EmptyStroke),
            (&drawing("[[[1,2]]]"), Problem::Arity),
            (&drawing("[[[1,2],[3]]]"), Problem::Arity),
            (&drawing("[[[1],[3],[4],[5]]]"), Problem::Arity),
            (&drawing("[[[1,2],[3,4],[0]]]"), Problem::Arity),
            (&drawing("[[[1,2],[3,4],[0,1]],[[1,2],[3,4]]]"), Problem::Arity),
            (&drawing("[[[1,NaN],[3,4]]]"), Problem::NotANumber),
            (&drawing("[[[1,null],[3,4]]]"), Problem::NotANumber),
            (&drawing("[[[1,\"2\"],[3,4]]]"), Problem::NotANumber),
            (&drawing("[[[1,1e9],[3,4]]]"), Problem::NotANumber),
            (&drawing("[[[1,1e999],[3,4]]]"), Problem::NotANumber),
            (&drawing("[[[1],[3]]]"), Problem::OnePoint),
            (&drawing("[[[1,1],[3,3]]]"), Problem::OnePoint),
            (&drawing(&format!("[[[{0}1],[{0}2]]]", "0,".repeat(MAX_POINTS))), Problem::TooManyPoints),
            (&drawing(&format!("[[[0,{0}1],[0,{0}2]]]", "900000,0,".repeat(300))), Problem::TooManyPoints),
            (&format!("{}{GOOD}", " ".repeat(MAX_LINE_BYTES)), Problem::TooLong),
        ];
        for (line, expected) in cases {
            let (out, report) = read(line);
            assert!(out.is_empty() && out.is_sound(), "{line:.60}");
            assert_eq!(report.left_out, [(expected, 1)], "{line:.60}: {:?}", report.first);
            assert_eq!(report.first[0].line, 1);
        }
        let mut report = ReadReport::default();
        read_line(b"{\"word\":\"\xff\"}", 4, &mut Drawings::default(), &mut report);
        assert_eq!((report.left_out.as_slice(), report.first[0].line), (&[(Problem::NotUtf8, 1)][..], 5));
    }

    #[test]
    fn drawings_with_times_or_another_frame_are_scaled() {
        let (out, report) = read(r#"{"word":"cat","drawing":[[[10,520],[10,10],[0,70]]]}"#);
        assert_eq!(out.sketch(0).strokes[0], Stroke { points: vec![[0.0, 0.0], [255.0, 0.0]], times: Some(vec![0.0, 70.0]) });
        assert_eq!(report.scaled, 1);
        let (out, _) = read(r#"{"word":"cat","drawing":[[[-1.5,1.5],[0,-3]]]}"#);
        assert_eq!(out.sketch(0).strokes[0].points, [[0.0, 255.0], [255.0, 0.0]]);
    }
}
