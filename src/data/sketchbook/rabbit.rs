//! A rabbit: two long ears upon a round head; sometimes a body with a tail like a ball.

use super::pen::Pen;
use crate::sketch::Point;

pub(super) fn draw(pen: &mut Pen) {
    match pen.pick(10) {
        0..=4 => from_the_front(pen, 1.0, false),
        5..=7 => from_the_front(pen, 0.62, true),
        _ => from_the_side(pen),
    }
}

/// An ear as a loop that begins and ends at the head; `at` is its foot's middle, `tilt` in turns to the right of upright.
fn ear(pen: &mut Pen, at: Point, long: f32, wide: f32, tilt: f32, flop: f32) {
    let (sin, cos) = (tilt * std::f32::consts::TAU).sin_cos();
    let place = |x: f32, y: f32| {
        let x = x + flop * (y / long).powi(3) * long;
        [at[0] + x * cos + y * sin, at[1] + x * sin - y * cos]
    };
    let shape =
        [(-0.55, 0.0), (-0.95, 0.35), (-0.95, 0.65), (-0.6, 0.92), (0.0, 1.0), (0.6, 0.92), (0.95, 0.65), (0.95, 0.35), (0.55, 0.0)];
    let line: Vec<Point> = shape.iter().map(|&(x, y)| place(x * wide, y * long)).collect();
    pen.curve(&line);
}

fn from_the_front(pen: &mut Pen, scale: f32, body: bool) {
    let wide = 58.0 * scale * pen.between(0.85, 1.1);
    let size = [wide, wide * pen.between(0.82, 1.02)];
    let head = [100.0, 120.0];
    pen.oval(head, size, 0.0);
    let (long, broad) = (size[1] * pen.between(1.35, 1.95), size[0] * pen.between(0.17, 0.27));
    let (apart, tilt) = (size[0] * pen.between(0.34, 0.46), pen.between(0.01, 0.055));
    let flop = if pen.chance(0.15) { pen.between(0.25, 0.5) } else { 0.0 };
    let inner = pen.chance(0.45);
    for side in [-1.0, 1.0] {
        let foot = [head[0] + side * apart, head[1] - size[1] * 0.86];
        let flop = if side > 0.0 { flop } else { 0.0 };
        ear(pen, foot, long, broad, side * tilt, flop);
        if inner && flop == 0.0 {
            ear(pen, [foot[0], foot[1] - long * 0.16], long * 0.66, broad * 0.5, side * tilt, flop);
        }
    }
    if body {
        let round = [size[0] * pen.between(1.0, 1.35), size[1] * pen.between(1.25, 1.6)];
        let centre = [head[0], head[1] + size[1] * 0.88 + round[1] * 0.96];
        pen.oval(centre, round, 0.0);
        if pen.chance(0.6) {
            for side in [-1.0, 1.0] {
                let foot = [centre[0] + side * round[0] * 0.5, centre[1] + round[1] * 0.98];
                pen.oval(foot, [round[0] * 0.36, round[1] * 0.17], 0.0);
            }
        } else {
            let side = if pen.chance(0.5) { 1.0 } else { -1.0 };
            let tail = round[0] * pen.between(0.2, 0.3);
            pen.oval([centre[0] + side * (round[0] * 0.95 + tail * 0.6), centre[1] + round[1] * 0.5], [tail, tail], 0.0);
        }
    }
    face(pen, head, size);
    let room = (14 - pen.count().min(14)) / 2;
    let whiskers = if pen.chance(0.6) { room.min(if body { 2 } else { 2 + pen.pick(2) }) } else { 0 };
    let (begin, reach) = (size[0] * 0.4, size[0] * pen.between(0.5, 0.85));
    for side in [-1.0, 1.0] {
        for i in 0..whiskers {
            let row = i as f32 - (whiskers as f32 - 1.0) / 2.0;
            let y = head[1] + size[1] * (0.3 + 0.13 * row);
            let ends =
                [[head[0] + side * begin, y], [head[0] + side * (begin + reach), y + row * size[1] * 0.16]].map(|p| pen.near(p, 2.0));
            pen.lines(&ends);
        }
    }
}

fn face(pen: &mut Pen, head: Point, size: Point) {
    let (apart, up, radius) = (size[0] * pen.between(0.34, 0.44), size[1] * pen.between(0.1, 0.26), size[0] * pen.between(0.07, 0.12));
    let eye = pen.pick(3);
    for side in [-1.0, 1.0] {
        let at = pen.near([head[0] + side * apart, head[1] - up], size[0] * 0.02);
        match eye {
            0 => pen.dot(at, size[0] * 0.04),
            1 => pen.oval(at, [radius, radius], 0.0),
            _ => pen.oval(at, [radius * 0.75, radius * 1.3], 0.0),
        }
    }
    let (x, y, nose) = (head[0], head[1] + size[1] * pen.between(0.12, 0.22), size[0] * pen.between(0.07, 0.12));
    if pen.chance(0.5) {
        pen.closed(&[[x - nose, y - nose * 0.5], [x + nose, y - nose * 0.5], [x, y + nose * 0.7]]);
    } else {
        pen.oval([x, y], [nose, nose * 0.65], 0.0);
    }
    let (smile, low) = (size[0] * pen.between(0.16, 0.26), y + nose * 0.8);
    let drop = size[1] * pen.between(0.14, 0.22);
    let half = [[x - smile, low + drop * 0.5], [x - smile * 0.55, low + drop], [x - smile * 0.12, low + drop * 0.75]];
    let other = half.map(|p| [2.0 * x - p[0], p[1]]);
    pen.curve(&[half[0], half[1], half[2], [x, low], other[2], other[1], other[0]]);
    if pen.chance(0.35) {
        let (tooth, long) = (size[0] * 0.08, size[1] * pen.between(0.14, 0.2));
        let top = low + drop * 0.95;
        pen.lines(&[[x - tooth, top], [x - tooth, top + long], [x + tooth, top + long], [x + tooth, top]]);
    }
}

fn from_the_side(pen: &mut Pen) {
    let side = if pen.chance(0.5) { 1.0 } else { -1.0 };
    let centre = [100.0, 130.0];
    let round = [pen.between(58.0, 72.0), pen.between(40.0, 52.0)];
    pen.oval(centre, round, 0.0);
    let size = pen.between(27.0, 33.0);
    let head = [centre[0] + side * (round[0] * 0.85 + size * 0.35), centre[1] - round[1] * 0.72 - size * 0.3];
    pen.oval(head, [size * 1.12, size], 0.0);
    let (long, wide) = (size * pen.between(1.9, 2.5), size * pen.between(0.25, 0.36));
    let back = pen.between(0.02, 0.08);
    for (shift, more) in [(-0.35, 0.035), (0.15, 0.0)] {
        let foot = [head[0] + side * shift * size, head[1] - size * 0.86];
        ear(pen, foot, long, wide, -side * (back + more), 0.0);
    }
    let tail = pen.between(11.0, 16.0);
    pen.oval([centre[0] - side * (round[0] + tail * 0.5), centre[1] + round[1] * 0.15], [tail, tail], 0.0);
    pen.dot([head[0] + side * size * 0.4, head[1] - size * 0.2], size * 0.07);
    let nose = [head[0] + side * size * 1.1, head[1] + size * 0.1];
    pen.dot(nose, size * 0.06);
    // A hind leg like a snail's shell and a short foreleg.
    let (foot, low) = (pen.between(22.0, 30.0), centre[1] + round[1] * 0.93);
    let thigh = [centre[0] - side * round[0] * 0.45, centre[1] + round[1] * 0.45];
    pen.oval([thigh[0] + side * 6.0, low], [foot, 7.0], 0.0);
    if pen.chance(0.6) {
        let front = centre[0] + side * round[0] * 0.6;
        pen.oval([front, low - 2.0], [foot * 0.6, 6.0], 0.0);
    }
    if pen.chance(0.6) {
        for turn in [0.2, 0.65] {
            let from = [nose[0] - side * 6.0, nose[1] + 5.0 * turn + 2.0];
            let to = pen.near([nose[0] + side * 20.0, nose[1] + 22.0 * turn], 2.0);
            pen.lines(&[from, to]);
        }
    }
}
