//! The player's signs, painted: fonts cannot be relied on to have them.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::studio) enum Icon {
    /// A triangle to the right.
    Play,
    /// Two bars.
    Hold,
    /// A bar and a triangle: one point. True is forward.
    Point(bool),
    /// Two triangles: one stroke.
    Stroke(bool),
    /// A triangle against a bar: the end.
    End(bool),
}

/// Paints a sign in the middle of a rectangle.
pub(in crate::studio) fn paint(painter: &Painter, rect: Rect, icon: Icon, size: f32, colour: Color32) {
    let forward = !matches!(icon, Icon::Point(false) | Icon::Stroke(false) | Icon::End(false));
    let side = if forward { 1.0 } else { -1.0 };
    let middle = rect.center();
    // x runs from -1 to 1 in reading direction, mirrored for signs that go back.
    let at = |x: f32, y: f32| middle + vec2(x * side, y) * size;
    let triangle = |from: f32, to: f32| filled(vec![at(from, -0.8), at(to, 0.0), at(from, 0.8)], colour);
    let bar = |x: f32, width: f32| filled(vec![at(x, -0.8), at(x + width, -0.8), at(x + width, 0.8), at(x, 0.8)], colour);
    let shapes = match icon {
        Icon::Play => vec![triangle(-0.6, 0.8)],
        Icon::Hold => vec![bar(-0.65, 0.45), bar(0.2, 0.45)],
        Icon::Point(_) => vec![bar(-0.65, 0.25), triangle(-0.2, 0.75)],
        Icon::Stroke(_) => vec![triangle(-0.85, 0.0), triangle(0.0, 0.85)],
        Icon::End(_) => vec![triangle(-0.75, 0.35), bar(0.45, 0.28)],
    };
    painter.extend(shapes);
}

/// A triangle that stands on a point's height: a mark along an axis.
pub(in crate::studio) fn mark(base: Pos2, size: f32, colour: Color32) -> Shape {
    filled(vec![pos2(base.x - size, base.y), pos2(base.x + size, base.y), pos2(base.x, base.y - size * 1.6)], colour)
}

fn filled(points: Vec<Pos2>, colour: Color32) -> Shape {
    Shape::convex_polygon(points, colour, Stroke::NONE)
}
