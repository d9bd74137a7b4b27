//! A line of a list of what long work has done, has at hand, and has still to do.

use eframe::egui::{RichText, Sense, Stroke, Ui, Vec2};

use super::View;

/// How far a line of the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::studio) enum Mark {
    Done,
    Now,
    Later,
}

/// Shows it: a dot, and the words.
pub(in crate::studio) fn mark(view: &View<'_>, ui: &mut Ui, mark: Mark, text: &str) {
    ui.horizontal(|ui| {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(view.tokens.space(2.0)), Sense::hover());
        let word = match mark {
            Mark::Done => "done",
            Mark::Now => "at hand",
            Mark::Later => "to come",
        };
        let (radius, palette) = (view.tokens.space(0.5), view.palette);
        match mark {
            Mark::Done => ui.painter().circle_filled(rect.center(), radius, palette.good),
            Mark::Now => ui.painter().circle_filled(rect.center(), radius * 1.4, palette.accent),
            Mark::Later => ui.painter().circle_stroke(rect.center(), radius, Stroke::new(1.0, palette.faint)),
        };
        response.on_hover_text(word);
        let colour = if mark == Mark::Now { palette.ink } else { palette.faint };
        let label = ui.label(RichText::new(text).color(colour));
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_description(word));
    });
}
