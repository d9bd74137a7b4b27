//! Formulas as they are set in print: letters upright or lower and smaller, and a bar where one belongs.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, FontId, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::View;

/// A piece of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::studio) enum Piece {
    /// As it is.
    Plain(&'static str),
    /// Lower and smaller.
    Sub(&'static str),
    /// Higher and smaller.
    Sup(&'static str),
    /// With a bar over it.
    Bar(&'static str),
}

/// Shows a formula; `spoken` is for those who hear it.
pub(in crate::studio) fn formula(view: &View<'_>, ui: &mut Ui, pieces: &[Piece], size: f32, spoken: &str) -> Response {
    let (ink, small) = (view.palette.ink.into(), size * 0.68);
    let mut job = LayoutJob::default();
    // A long one goes on in the next line.
    job.wrap.max_width = ui.available_width();
    let mut bars = Vec::new();
    for piece in pieces {
        let (text, size, valign) = match piece {
            Piece::Plain(text) | Piece::Bar(text) => (*text, size, Align::Center),
            Piece::Sub(text) => (*text, small, Align::Max),
            Piece::Sup(text) => (*text, small, Align::Min),
        };
        if let Piece::Bar(text) = piece {
            let start = job.text.chars().count();
            bars.push(start..start + text.chars().count());
        }
        job.append(text, 0.0, TextFormat { font_id: FontId::proportional(size), color: ink, valign, ..TextFormat::default() });
    }
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(0.0, size * 0.2), Sense::hover());
    let origin = rect.min + vec2(0.0, size * 0.15);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken));
    let painter = ui.painter();
    painter.galley(origin, galley.clone(), ink);
    // Letters in the lines above.
    let mut above = 0;
    for row in &galley.rows {
        let glyph = |letter: usize| letter.checked_sub(above).and_then(|place| row.glyphs.get(place));
        for bar in &bars {
            if let (Some(first), Some(last)) = (glyph(bar.start), glyph(bar.end - 1)) {
                let (left, right) = (first.pos.x, last.pos.x + last.advance_width);
                let y = origin.y + row.pos.y + row.size.y * 0.24;
                painter.hline(origin.x + left + 1.0..=origin.x + right - 1.0, y, Stroke::new(1.0, ink));
            }
        }
        above += row.glyphs.len();
    }
    response
}
