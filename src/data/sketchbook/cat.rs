//! A cat: a head with two pointed ears and whiskers; often no more, sometimes a body and a tail.

use super::pen::Pen;
use crate::sketch::Point;

pub(super) fn draw(pen: &mut Pen) {
    let body = pen.chance(0.4);
    let wide = if body { pen.between(36.0, 46.0) } else { pen.between(70.0, 90.0) };
    let high = wide * pen.between(0.76, 0.98);
    let (size, head) = ([wide, high], [100.0, 90.0]);
    head_and_ears(pen, head, size);
    if body {
        body_and_tail(pen, head, size);
    }
    face(pen, head, size);
    // Fourteen strokes at most, the same number of whiskers on each side.
    let room = (14 - pen.count().min(14)) / 2;
    let whiskers = if pen.chance(0.15) { 0 } else { room.min(if body { 2 } else { 3 }).min(2 + pen.pick(2)) };
    whiskers_of(pen, head, size, whiskers);
}

/// A point on the head's outline, angle in turns, 0 right, 0.75 up.
fn on(head: Point, size: Point, angle: f32) -> Point {
    let (sin, cos) = (angle * std::f32::consts::TAU).sin_cos();
    [head[0] + size[0] * cos, head[1] + size[1] * sin]
}

fn head_and_ears(pen: &mut Pen, head: Point, size: Point) {
    let (inner, outer) = (pen.between(0.065, 0.09), pen.between(0.15, 0.18));
    let height = size[1] * pen.between(0.42, 0.68);
    let lean = size[0] * pen.between(0.02, 0.16);
    // Tips stand above the outer half of each ear's foot.
    let tip = |side: f32| {
        let foot = on(head, size, 0.75 + side * (inner + outer) / 2.0);
        [foot[0] + side * lean, foot[1] - height]
    };
    if pen.chance(0.45) {
        // One line: from the left ear's outer foot over both ears and round below.
        let mut line = vec![on(head, size, 0.75 - outer), tip(-1.0), on(head, size, 0.75 - inner), on(head, size, 0.75)];
        line.extend([on(head, size, 0.75 + inner), tip(1.0)]);
        line.extend((0..=36).map(|i| on(head, size, 0.75 + outer + (1.0 - 2.0 * outer) * i as f32 / 36.0)));
        line[0] = pen.near(line[0], 2.0);
        pen.lines(&line);
        return;
    }
    pen.oval(head, size, 0.0);
    let round = pen.chance(0.25);
    for side in [-1.0, 1.0] {
        let foot = [on(head, size, 0.75 + side * outer), tip(side), on(head, size, 0.75 + side * inner)].map(|p| pen.near(p, 2.5));
        if round {
            let mid = |a: Point, b: Point| [(a[0] + b[0]) / 2.0 + side * 2.0, (a[1] + b[1]) / 2.0 - 3.0];
            pen.curve(&[foot[0], mid(foot[0], foot[1]), foot[1], mid(foot[1], foot[2]), foot[2]]);
        } else {
            pen.lines(&foot);
        }
    }
}

fn body_and_tail(pen: &mut Pen, head: Point, size: Point) {
    let side = if pen.chance(0.5) { 1.0 } else { -1.0 };
    if pen.chance(0.5) {
        // Sitting: a pear below the head.
        let (wide, high) = (size[0] * pen.between(0.95, 1.3), size[1] * pen.between(1.6, 2.2));
        let top = head[1] + size[1] * 0.8;
        let shape = [(-0.5, 0.0), (-0.8, 0.35), (-1.0, 0.72), (-0.8, 0.97), (0.0, 1.02), (0.8, 0.97), (1.0, 0.72), (0.8, 0.35), (0.5, 0.0)];
        let line: Vec<Point> = shape.iter().map(|&(x, y)| [head[0] + x * wide, top + y * high]).collect();
        pen.curve(&line);
        let (x, y) = (head[0] + side * wide * 0.92, top + high * 0.85);
        let (out, up) = (pen.between(30.0, 48.0), pen.between(35.0, 75.0));
        let curl = pen.between(-12.0, 16.0);
        pen.curve(&[[x, y], [x + side * out * 0.7, y - 2.0], [x + side * out, y - up * 0.5], [x + side * (out - curl), y - up]]);
    } else {
        // Standing: an oval to one side, its legs, a tail that points up.
        let (wide, high) = (size[0] * pen.between(1.35, 1.8), size[1] * pen.between(0.75, 1.0));
        let centre = [head[0] + side * (size[0] * 0.6 + wide), head[1] + size[1] * 0.75 + high * 0.4];
        pen.oval(centre, [wide, high], 0.0);
        let leg = pen.between(26.0, 38.0);
        for at in [-0.62, 0.62] {
            let foot = pen.between(5.0, 8.0);
            let (x, y) = (centre[0] + at * wide, centre[1] + high * 0.76);
            pen.lines(&[[x - foot, y], [x - foot, y + leg], [x + foot, y + leg], [x + foot, y]]);
        }
        let (x, y) = (centre[0] + side * wide * 0.94, centre[1] - high * 0.2);
        let up = pen.between(40.0, 70.0);
        let bend = pen.between(8.0, 26.0);
        pen.curve(&[[x, y], [x + side * bend, y - up * 0.35], [x + side * bend * 0.7, y - up * 0.7], [x + side * bend * 1.5, y - up]]);
    }
}

fn face(pen: &mut Pen, head: Point, size: Point) {
    let (apart, up) = (size[0] * pen.between(0.32, 0.44), size[1] * pen.between(0.12, 0.3));
    let radius = size[0] * pen.between(0.07, 0.14);
    let eye = pen.pick(4);
    for side in [-1.0, 1.0] {
        let at = pen.near([head[0] + side * apart, head[1] - up], size[0] * 0.025);
        match eye {
            0 => pen.dot(at, size[0] * 0.035),
            1 => pen.oval(at, [radius, radius], 0.0),
            2 => pen.oval(at, [radius * 0.6, radius * 1.35], 0.0),
            _ => pen.oval(at, [radius * 1.4, radius * 0.75], side * 0.03),
        }
    }
    let (wide, low) = (size[0] * pen.between(0.08, 0.14), head[1] + size[1] * pen.between(0.12, 0.24));
    match pen.pick(3) {
        0 => pen.closed(&[[head[0] - wide, low - wide * 0.6], [head[0] + wide, low - wide * 0.6], [head[0], low + wide * 0.7]]),
        1 => pen.oval([head[0], low], [wide * 0.9, wide * 0.6], 0.0),
        _ => pen.lines(&[[head[0] - wide, low - wide * 0.5], [head[0], low + wide * 0.6], [head[0] + wide, low - wide * 0.5]]),
    }
    if pen.chance(0.15) {
        return;
    }
    let (x, y, smile) = (head[0], low + wide * 0.8, size[0] * pen.between(0.18, 0.3));
    let drop = size[1] * pen.between(0.14, 0.24);
    if pen.chance(0.6) {
        // One "w": down, up to below the nose, down, up.
        let half = [[x - smile, y + drop * 0.35], [x - smile * 0.6, y + drop], [x - smile * 0.15, y + drop * 0.8]];
        let other = half.map(|p| [2.0 * x - p[0], p[1]]);
        pen.curve(&[half[0], half[1], half[2], [x, y], other[2], other[1], other[0]]);
    } else {
        for side in [-1.0, 1.0] {
            pen.curve(&[
                [x, y],
                [x + side * smile * 0.2, y + drop * 0.85],
                [x + side * smile * 0.65, y + drop],
                [x + side * smile, y + drop * 0.3],
            ]);
        }
    }
}

fn whiskers_of(pen: &mut Pen, head: Point, size: Point, count: usize) {
    let (begin, long) = (size[0] * pen.between(0.38, 0.55), size[0] * pen.between(0.6, 0.95));
    let (low, apart) = (head[1] + size[1] * pen.between(0.2, 0.34), size[1] * pen.between(0.1, 0.17));
    for side in [-1.0, 1.0] {
        for i in 0..count {
            let row = i as f32 - (count as f32 - 1.0) / 2.0;
            let from = pen.near([head[0] + side * begin, low + row * apart], size[0] * 0.03);
            let to = pen.near([head[0] + side * (begin + long), low + row * apart * 2.6 - 2.0], size[0] * 0.06);
            pen.lines(&[from, to]);
        }
    }
}
