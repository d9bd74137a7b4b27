//! The lesson's page: what is said and asked, and the few controls that it needs.

use eframe::egui::{Button, CollapsingHeader, Label, RichText, Role, Ui, WidgetInfo, vec2};

use super::{figures, others, stops};
use crate::studio::action::{Action, DenoiseAction, TrainAction};
use crate::studio::state::Workspace;
use crate::studio::state::denoise::Source;
use crate::studio::state::denoise::lesson::{Control, NOT_BY_A_PERSON, PAGES, Page};
use crate::studio::theme;
use crate::studio::widgets::View;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some((at, page)) = view.state.denoise.lesson.as_ref().map(|lesson| (lesson.page, lesson.page())) else { return };
    ui.take_available_width();
    steps(view, ui, at);
    ui.add_space(view.tokens.space(1.0));
    ui.label(RichText::new(page.title).text_style(theme::display()));
    if let Some(why) = view.state.why_not(&DenoiseAction::Lesson(true).into()) {
        ui.label(why);
        return;
    }
    for sentence in page.sentences {
        ui.add(Label::new(*sentence).wrap());
    }
    let real = page.scene.add == Some(Source::Real);
    if real && view.state.denoise.followed.is_some() && !view.state.has_drawings_by_people() {
        ui.label(RichText::new(NOT_BY_A_PERSON).color(view.palette.faint));
        let category = view.state.denoise.followed.as_ref().map(|followed| followed.traced.category.clone());
        if let Some(category) = category.filter(|name| view.state.library.can_be_fetched(name)) {
            view.command(ui, TrainAction::Fetch(category));
        }
    }
    ui.add_space(view.tokens.space(1.0));
    view.caption(ui, "To the class");
    ui.add(Label::new(RichText::new(page.question).heading()).wrap());
    ui.add_space(view.tokens.space(1.0));
    controls(view, ui, page);
    ui.add_space(view.tokens.space(1.0));
    CollapsingHeader::new("In formulas").id_salt("lesson formulas").show(ui, |ui| figures::formulas(view, ui, page.formulas));
}

/// The pages in a row, and the ways on, back and out.
fn steps(view: &mut View<'_>, ui: &mut Ui, at: usize) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = view.tokens.space(0.5);
        for page in 0..PAGES.len() {
            let action = DenoiseAction::Page(page);
            let name = action.label();
            let button = Button::selectable(page == at, format!("{}", page + 1)).min_size(vec2(view.tokens.space(3.5), 0.0));
            let response = view.send(ui, action, button).on_hover_text(&name);
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, page == at, &name));
        }
    });
    ui.horizontal_wrapped(|ui| {
        view.send(ui, DenoiseAction::Turn(false), Button::new("Back"));
        view.send(ui, DenoiseAction::Turn(true), Button::new("Next"));
        view.command(ui, Action::Present(!view.state.is_presenting()));
        view.command(ui, DenoiseAction::Lesson(false));
    });
}

/// What belongs beside the drawing; bars and strokes are under it.
fn controls(view: &mut View<'_>, ui: &mut Ui, page: &Page) {
    if view.state.denoise.part().is_none() {
        return;
    }
    if page.has(Control::Arrows) {
        let on = view.state.denoise.arrows;
        view.switch(ui, DenoiseAction::Arrows, on);
    }
    if page.has(Control::Attention) {
        let on = view.state.denoise.attention;
        view.switch(ui, DenoiseAction::Attention, on);
    }
    if page.has(Control::Stops) {
        stops::show(view, ui);
    }
    if page.has(Control::Strip) {
        view.heading(ui, "What you see");
        ui.add(Label::new(view.state.denoise.seen()).wrap());
    }
    if page.has(Control::Others) {
        ui.add_space(view.tokens.space(1.0));
        others::show(view, ui);
    }
    if page.has(Control::Onwards) {
        ui.add_space(view.tokens.space(1.0));
        view.caption(ui, "What to try next");
        ui.horizontal_wrapped(|ui| {
            view.send(ui, Action::Show(Workspace::Draw), Button::new("Draw with the model"));
            view.send(ui, Action::Show(Workspace::Train), Button::new("Train a model"));
        });
    }
}
