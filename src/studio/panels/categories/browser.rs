//! Real drawings of the selected category, a page at a time, and what there is to say of all of them.

use eframe::egui::{Button, Label, RichText, Role, Slider, Ui, WidgetInfo};

use crate::data::{Browsed, Portion};
use crate::studio::action::CategoriesAction;
use crate::studio::state::categories::{Phase, words};
use crate::studio::widgets::{self, View, drawing};
use crate::studio::words::{bytes, count, counted, sentence};

/// Drawings side by side.
const COLUMNS: usize = 4;
/// In the order of the buttons.
const PORTIONS: [Portion; 4] = [Portion::All, Portion::Train, Portion::Test, Portion::Both];

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(category) = view.state.selected_category().cloned() else { return };
    view.heading(ui, "Drawings");
    if category.file.is_none() {
        view.caption(ui, "Fetch or import drawings to look at them here.");
        ui.add_space(view.tokens.space(1.0));
        return;
    }
    let portion = view.state.categories.portion_of(&category);
    ui.horizontal_wrapped(|ui| {
        for other in PORTIONS {
            let selected = portion == other;
            let action = CategoriesAction::Browse(other);
            let name = action.label();
            let can = view.state.why_not(&action.clone().into()).is_none();
            let response = view.send(ui, action, Button::selectable(selected, &name));
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, can, selected, &name));
        }
    });
    match view.state.categories.reading.clone() {
        Phase::Running => reading(view, ui),
        Phase::Failed(text) => {
            ui.scope(|ui| view.standing(ui, Some(crate::studio::state::messages::Tone::Error), "Not read", &sentence(&text)));
            view.command(ui, CategoriesAction::Reread);
        }
        Phase::Idle => {}
    }
    let Some(browsed) = view.state.categories.shown().cloned() else { return };
    statistics(view, ui, &browsed);
    pages(view, ui);
    view.caption(ui, words::place(&browsed));
    sheet(view, ui, &browsed);
    ui.add_space(view.tokens.space(1.0));
}

fn reading(view: &View<'_>, ui: &mut Ui) {
    let progress = view.state.categories.progress;
    let far = progress.map_or_else(String::new, |(done, total)| format!(" {} of {}", bytes(done), bytes(total)));
    view.caption(ui, format!("Reading the drawings…{far}"));
    let share = progress.filter(|&(_, total)| total > 0).map(|(done, total)| done as f32 / total as f32);
    widgets::bar(view, ui, share, "Reading");
}

fn pages(view: &mut View<'_>, ui: &mut Ui) {
    let pages = view.state.categories.pages();
    ui.horizontal(|ui| {
        turn(view, ui, false, "<");
        let mut page = view.state.categories.page + 1;
        ui.spacing_mut().slider_width = (ui.available_width() - view.tokens.space(14.0)).max(view.tokens.space(8.0));
        let slider = Slider::new(&mut page, 1..=pages).integer();
        let response = ui.add_enabled(pages > 1, slider).accessible_name("Page of drawings");
        // Pages that are passed by are not read to the end.
        if response.changed() && page != view.state.categories.page + 1 {
            view.ask(CategoriesAction::Page(page.clamp(1, pages) - 1));
        }
        turn(view, ui, true, ">");
    });
}

/// A button that turns a page: a sign for the eye, its action's words for the ear.
fn turn(view: &mut View<'_>, ui: &mut Ui, forward: bool, sign: &str) {
    let action = CategoriesAction::StepPage(forward);
    let name = action.label();
    let response = view.send(ui, action, Button::new(sign));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), &name));
}

fn sheet(view: &View<'_>, ui: &mut Ui, browsed: &Browsed) {
    let gap = view.tokens.space(0.5);
    ui.spacing_mut().item_spacing = eframe::egui::Vec2::splat(gap);
    let side = ((ui.available_width() - gap * COLUMNS as f32) / COLUMNS as f32).floor();
    let numbered: Vec<_> = browsed.sketches.iter().zip(&browsed.numbers).collect();
    for row in numbered.chunks(COLUMNS) {
        ui.horizontal(|ui| {
            for (sketch, number) in row {
                let name = format!("Drawing on line {}", count(**number));
                let strokes = counted(sketch.strokes.len() as u64, "stroke", "strokes");
                drawing::thumbnail(view, ui, side, sketch, &name, None)
                    .on_hover_text(format!("Line {} of the file, counted from 0 as in the split; {strokes}", count(**number)));
            }
        });
    }
}

fn statistics(view: &View<'_>, ui: &mut Ui, browsed: &Browsed) {
    ui.label(format!("Strokes a drawing: {}", words::spread(&browsed.strokes)));
    ui.label(format!("Points a drawing: {}", words::spread(&browsed.points)));
    view.caption(ui, words::left_out(browsed));
    for note in &browsed.notes {
        let text = RichText::new(sentence(note)).small().color(view.palette.faint);
        ui.add(Label::new(text).wrap().selectable(true));
    }
}
