//! What can be learned: categories on this machine first, then those that can be fetched.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align, Align2, Checkbox, Layout, Rect, Response, RichText, ScrollArea, Sense, TextEdit, TextStyle, Ui, UiBuilder, vec2,
};

use crate::data::CategoryInfo;
use crate::studio::action::TrainAction;
use crate::studio::panels::library;
use crate::studio::state::categories::words::details;
use crate::studio::widgets::View;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let search = TextEdit::singleline(&mut view.state.library.search)
        .hint_text("Search categories")
        .align(Align2::LEFT_CENTER)
        .desired_width(f32::INFINITY);
    ui.add(search).accessible_name("Search categories");
    ui.checkbox(&mut view.state.library.only_here, "On this machine only")
        .on_hover_text("Lists the categories whose drawings are here, and leaves out those that would have to be fetched.");
    library::fetching(view, ui);
    if library::is_awaited(view) {
        ui.label(RichText::new("Looking at the disk…").color(view.palette.faint));
        return;
    }
    library::lacking(view, ui);
    let found = view.state.library.found();
    if found.is_empty() && !view.state.library.search.is_empty() {
        let search = view.state.library.search.trim().to_owned();
        ui.label(RichText::new(format!("No category is called “{search}”.")).color(view.palette.faint));
    }
    if !view.state.form.chosen.is_empty() {
        view.caption(ui, format!("Chosen: {}", view.state.form.subject()));
    }
    let height = view.tokens.space(5.5);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("categories").auto_shrink(false).show_rows(ui, height, found.len(), |ui, rows| {
        for &place in &found[rows] {
            let Some(category) = view.state.library.categories.get(place).cloned() else { continue };
            row(view, ui, height, &category);
        }
    });
}

/// One category: what there is of it, and a tick or a Fetch button.
fn row(view: &mut View<'_>, ui: &mut Ui, height: f32, category: &CategoryInfo) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let unit = view.tokens.unit;
    let here = category.file.is_some();
    let active = view.state.run.is_active();
    let mut chosen = view.state.form.chosen.contains(&category.name);
    if chosen {
        ui.painter().rect_filled(rect, unit * 0.5, view.palette.accent_wash);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, unit * 0.5, view.palette.button);
    }
    let inner = rect.shrink2(vec2(unit * 0.75, unit * 0.5));
    let small = TextStyle::Small.resolve(ui.style());
    let painter = ui.painter_at(rect);
    let details = details(category);
    // What has no room ends in an ellipsis; the tooltip has all of it.
    let mut job = LayoutJob::simple_singleline(details.clone(), small, view.palette.faint.into());
    job.wrap = TextWrapping::truncate_at_width(inner.width() - unit * 3.0);
    let said = painter.layout_job(job);
    painter.galley(inner.left_bottom() + vec2(unit * 3.0, -said.size().y), said, view.palette.faint.into());
    let line = Rect::from_min_size(inner.min, vec2(inner.width(), unit * 2.5));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(line).layout(Layout::left_to_right(Align::Center)).id_salt(&category.name));
    if here {
        ui.spacing_mut().interact_size.y = unit * 2.0;
        let tick = ui.add_enabled(!active, Checkbox::new(&mut chosen, &category.name));
        describe(&ui, &tick, &details);
        let tick = tick.on_hover_text(format!("{}: {details}", category.name)).on_disabled_hover_text("A model is being trained.");
        if tick.changed() {
            let name = category.name.clone();
            let _ = if chosen { view.state.form.chosen.insert(name) } else { view.state.form.chosen.remove(&name) };
            view.state.form.plan_anew();
        }
    } else {
        ui.add_space(unit * 3.0);
        ui.label(RichText::new(&category.name).color(view.palette.faint));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let wanted = view.state.library.is_wanted(&category.name);
            let text = RichText::new(if wanted { "Waiting" } else { "Fetch" }).small();
            let response = view.send(ui, TrainAction::Fetch(category.name.clone()), eframe::egui::Button::new(text));
            let name = TrainAction::Fetch(category.name.clone()).label();
            response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, !wanted, name.clone()));
            describe(ui, &response, &details);
        });
    }
}

/// What is painted under the name, for those who hear it.
fn describe(ui: &Ui, control: &Response, details: &str) {
    ui.ctx().accesskit_node_builder(control.id, |node| node.set_description(details));
}
