//! A bus from its side: a long box, a row of windows, two wheels; often a door, a stripe, a lamp.

use super::pen::Pen;
use crate::sketch::Point;

pub(super) fn draw(pen: &mut Pen) {
    let (long, high) = (200.0, pen.between(78.0, 118.0));
    // The front is at the right before the drawing is mirrored.
    let mirrored = pen.chance(0.5);
    let at = move |x: f32, y: f32| -> Point { if mirrored { [long - x, y] } else { [x, y] } };
    // A school bus has an engine's hood before the box.
    let hood = if pen.chance(0.3) { long * pen.between(0.11, 0.16) } else { 0.0 };
    body(pen, long, high, hood, &at);
    let wheels_first = pen.chance(0.55);
    if wheels_first {
        wheels(pen, long, high, &at);
    }
    let door = pen.chance(0.6);
    windows_and_door(pen, long - hood, high, door, &at);
    if !wheels_first {
        wheels(pen, long, high, &at);
    }
    if pen.chance(0.35) {
        let y = high * pen.between(0.6, 0.72);
        let (from, to) = (pen.between(1.0, 6.0), (long - hood) * if door { 0.78 } else { pen.between(0.93, 0.99) });
        pen.lines(&[at(from, y), at(to, y + 1.0)]);
    }
    if pen.count() < 14 && pen.chance(0.35) {
        pen.oval(at(long - 7.0, high * 0.8), [4.5, 5.5], 0.0);
    }
}

type Place<'a> = &'a dyn Fn(f32, f32) -> Point;

fn body(pen: &mut Pen, long: f32, high: f32, hood: f32, at: Place) {
    let round = pen.between(3.0, 16.0);
    let kind = if hood > 0.0 { 2 } else { pen.pick(2) };
    match kind {
        // A plain box.
        0 => {
            let corners = [at(0.0, 0.0), at(0.0, high), at(long, high), at(long, 0.0)].map(|p| pen.near(p, 3.0));
            pen.closed(&corners);
        }
        // A box with round corners above and a slanted front.
        1 => {
            let slant = pen.between(4.0, 20.0);
            let line = [
                at(round, 0.0),
                at(round * 0.3, round * 0.3),
                at(0.0, round),
                at(0.0, high),
                at(long, high),
                at(long, high * 0.55),
                at(long - slant, round),
                at(long - slant - round * 0.4, round * 0.25),
                at(long - slant - round, 0.0),
            ];
            pen.closed(&line);
        }
        _ => {
            let top = high * pen.between(0.48, 0.58);
            let line = [
                at(round * 0.5, 0.0),
                at(0.0, round * 0.5),
                at(0.0, high),
                at(long, high),
                at(long, top + 5.0),
                at(long - 5.0, top),
                at(long - hood, top),
                at(long - hood - 3.0, 2.0),
            ];
            pen.closed(&line);
        }
    }
}

fn wheels(pen: &mut Pen, long: f32, high: f32, at: Place) {
    let radius = high * pen.between(0.15, 0.21);
    let hubs = pen.chance(0.4);
    let (back, front) = (long * pen.between(0.16, 0.26), long * pen.between(0.72, 0.8));
    let sunk = pen.between(-0.15, 0.6);
    for x in [back, front] {
        let centre = at(x, high + radius * sunk);
        let centre = pen.near(centre, 2.0);
        pen.oval(centre, [radius, radius], 0.0);
        if hubs {
            let hub = radius * pen.between(0.3, 0.5);
            pen.oval(centre, [hub, hub], 0.0);
        }
    }
}

fn windows_and_door(pen: &mut Pen, long: f32, high: f32, door: bool, at: Place) {
    let (top, bottom) = (high * pen.between(0.13, 0.2), high * pen.between(0.42, 0.52));
    let (left, right) = (long * pen.between(0.04, 0.08), long * if door { 0.76 } else { pen.between(0.86, 0.93) });
    let count = 3 + pen.pick(3);
    if pen.chance(0.3) {
        // A band of glass, cut by posts.
        let corners = [at(left, top), at(left, bottom), at(right, bottom), at(right, top)].map(|p| pen.near(p, 1.5));
        pen.closed(&corners);
        for i in 1..count {
            let x = left + (right - left) * i as f32 / count as f32;
            let (from, to) = (at(x, top), at(x, bottom));
            let ends = [pen.near(from, 1.5), pen.near(to, 1.5)];
            pen.lines(&ends);
        }
    } else {
        let pitch = (right - left) / count as f32;
        let gap = pitch * pen.between(0.22, 0.36);
        for i in 0..count {
            let (x, wide) = (left + pitch * i as f32, pitch - gap);
            let corners = [at(x, top), at(x, bottom), at(x + wide, bottom), at(x + wide, top)].map(|p| pen.near(p, 1.8));
            pen.closed(&corners);
        }
    }
    if door {
        let (x, wide) = (long * 0.8, long * pen.between(0.1, 0.14));
        let head = top + high * pen.between(0.02, 0.1);
        if pen.chance(0.5) {
            let line = [at(x, high - 1.0), at(x, head), at(x + wide, head), at(x + wide, high - 1.0)];
            pen.lines(&line);
        } else {
            let corners = [at(x, head), at(x, high * 0.92), at(x + wide, high * 0.92), at(x + wide, head)];
            pen.closed(&corners);
        }
    }
}
