//! One category: a small drawing, its name, and small words for what is there.

use eframe::egui::{Align2, FontId, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::data::CategoryInfo;
use crate::studio::action::CategoriesAction;
use crate::studio::state::categories::words;
use crate::studio::widgets::{View, drawing};

/// The paper's height and that of a line beneath it, in units.
const PAPER: f32 = 12.0;
const LINE: f32 = 2.0;

/// How high a card is.
pub(super) fn height(view: &View<'_>) -> f32 {
    view.tokens.space(PAPER + 3.0 * LINE + 1.5)
}

/// Shows it; pressed, it is the one that is looked at.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui, (width, height): (f32, f32), category: &CategoryInfo) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    let selected = view.state.categories.selected.as_ref() == Some(&category.name);
    let said = words::card(view.state, category);
    let name = &category.name;
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), selected, format!("Category {name}")));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(said.told.as_str()));
    if response.clicked() {
        view.ask(CategoriesAction::Select(name.clone()));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let line = if selected || response.has_focus() {
        Stroke::new(2.0, view.palette.accent)
    } else if response.hovered() {
        Stroke::new(1.0, view.palette.faint)
    } else {
        Stroke::new(1.0, view.palette.rule)
    };
    let painter = ui.painter_at(rect);
    let ground = if selected { view.palette.accent_wash } else { view.palette.panel };
    painter.rect(rect, view.tokens.space(0.75), ground, line, StrokeKind::Inside);
    let unit = view.tokens.unit;
    let paper = Rect::from_min_size(rect.min, vec2(width, unit * PAPER)).shrink(unit * 0.5);
    painter.rect_filled(paper, unit * 0.5, view.palette.paper);
    let small = TextStyle::Small.resolve(ui.style());
    let faint = view.palette.faint.into();
    match view.state.categories.cards.thumbnail(name) {
        Some((sketch, real)) => {
            if let Some(place) = drawing::Place::fit(sketch, paper, unit) {
                drawing::paint(view, &painter, place, sketch, false);
            }
            // What a model made up must not pass for a person's drawing.
            if !real {
                let word = painter.layout_no_wrap("base".into(), small.clone(), faint);
                let place = Align2::RIGHT_TOP.anchor_size(paper.right_top(), word.size() + vec2(unit, unit * 0.5));
                painter.rect_filled(place, unit * 0.5, view.palette.panel);
                painter.galley(place.min + vec2(unit * 0.5, unit * 0.25), word, faint);
            }
        }
        None => {
            let text = if view.state.categories.cards.is_awaited(name) { "…" } else { "no drawing" };
            painter.text(paper.center(), Align2::CENTER_CENTER, text, small.clone(), faint);
        }
    }
    let room = width - 2.0 * unit;
    let drawings = fitting(ui, &said.drawings, &small, room);
    let texts = [
        (name.as_str(), TextStyle::Body.resolve(ui.style()), view.palette.ink),
        (drawings, small.clone(), view.palette.faint),
        (said.models.as_str(), small, view.palette.faint),
    ];
    for (number, (text, font, colour)) in texts.into_iter().enumerate() {
        let at = pos2(rect.left() + unit, rect.top() + unit * (PAPER + 0.5 + number as f32 * LINE));
        let text = cut(ui, text, &font, room);
        painter.text(at, Align2::LEFT_TOP, text, font, colour.into());
    }
    response.on_hover_text(format!("{name}: {}", said.told));
}

/// The first of these forms of a text that there is room for, or else the last.
fn fitting<'a>(ui: &Ui, forms: &'a [String], font: &FontId, room: f32) -> &'a str {
    let fits = |text: &str| ui.fonts_mut(|fonts| text.chars().map(|c| fonts.glyph_width(font, c)).sum::<f32>()) <= room;
    forms.iter().find(|form| fits(form)).or(forms.last()).map_or("", String::as_str)
}

/// As much of a text as there is room for.
fn cut(ui: &Ui, text: &str, font: &FontId, room: f32) -> String {
    let mut left = room;
    let mut out = String::new();
    ui.fonts_mut(|fonts| {
        let dots = fonts.glyph_width(font, '…');
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let width = fonts.glyph_width(font, c);
            if left < width + if chars.peek().is_some() { dots } else { 0.0 } {
                out.push('…');
                break;
            }
            left -= width;
            out.push(c);
        }
    });
    out
}
