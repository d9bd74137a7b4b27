//! The cards: only those in sight are laid out.

use std::ops::Range;

use eframe::egui::{Align, Align2, Key, Layout, ScrollArea, TextEdit, Ui};

use super::card;
use crate::studio::action::{CategoriesAction, TrainAction};
use crate::studio::panels::library;
use crate::studio::state::categories::Filter;
use crate::studio::widgets::{View, reveal};
use crate::studio::words;

/// Least width of a card, in units.
const CARD: f32 = 18.0;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let listed = view.state.listed_categories();
    search(view, ui, &listed);
    filters(view, ui, listed.len());
    if library::is_awaited(view) {
        view.empty(ui, "Looking at the disk…", "The categories are listed in a moment.", None);
        return;
    }
    library::lacking(view, ui);
    if listed.is_empty() {
        nothing_found(view, ui);
        see(view, Vec::new());
        return;
    }
    cards(view, ui, &listed);
}

fn search(view: &mut View<'_>, ui: &mut Ui, listed: &[usize]) {
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(14.0);
        let field = TextEdit::singleline(&mut view.state.categories.search)
            .hint_text("Search categories")
            .align(Align2::LEFT_CENTER)
            .desired_width(width);
        let response = ui.add(field).accessible_name("Search all categories");
        let tip = ui.ctx().format_shortcut(&eframe::egui::KeyboardShortcut::new(eframe::egui::Modifiers::COMMAND, Key::F));
        let response = response.on_hover_text(format!("A part of a name; Enter looks at the first one found. ({tip})"));
        if std::mem::take(&mut view.state.categories.searching) {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if let (true, Some(first)) = (entered, listed.first().and_then(|&place| view.state.library.categories.get(place))) {
            let name = first.name.clone();
            view.ask(CategoriesAction::Select(name));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| view.command(ui, TrainAction::Survey));
    });
}

fn filters(view: &mut View<'_>, ui: &mut Ui, found: usize) {
    ui.horizontal_wrapped(|ui| {
        for filter in Filter::ALL {
            let selected = view.state.categories.filter == filter;
            let action = CategoriesAction::List(filter);
            let name = action.label();
            let response = view.send(ui, action, eframe::egui::Button::selectable(selected, &name));
            response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::RadioButton, true, selected, &name));
        }
        view.caption(ui, words::counted(found as u64, "category", "categories"));
    });
}

fn nothing_found(view: &mut View<'_>, ui: &mut Ui) {
    let search = view.state.categories.search.trim().to_owned();
    let (heading, detail) = match view.state.categories.filter {
        _ if !search.is_empty() => (format!("No category is called “{search}”."), "Search for a part of its name, or list all categories."),
        Filter::Mine if view.state.categories.cards.unread(&view.state.library).next().is_some() => {
            ("Looking at the models…".to_owned(), "What each of them draws is known in a moment.")
        }
        Filter::Mine => ("No model of yours yet".to_owned(), "Train one, and what it draws is listed here."),
        Filter::All | Filter::Here | Filter::Divided => {
            ("None of them".to_owned(), "Fetch or import drawings; a split is made for them on the way.")
        }
    };
    let all = view.state.categories.filter != Filter::All;
    view.empty(ui, &heading, detail, all.then(|| CategoriesAction::List(Filter::All).into()));
}

fn cards(view: &mut View<'_>, ui: &mut Ui, listed: &[usize]) {
    let gap = view.tokens.unit;
    ui.spacing_mut().item_spacing = eframe::egui::Vec2::splat(gap);
    // Beside the bar that scrolls.
    let room = ui.available_width() - 2.0 * gap;
    let columns = ((room + gap) / (view.tokens.space(CARD) + gap)).floor().max(1.0);
    let width = ((room - gap * (columns - 1.0)) / columns).floor();
    let (columns, height) = (columns as usize, card::height(view));
    view.state.categories.columns = columns;
    let rows = listed.len().div_ceil(columns);
    let mut area = ScrollArea::vertical().id_salt("cards").auto_shrink(false);
    if std::mem::take(&mut view.state.categories.reveal)
        && let Some(place) = view.state.selected_place(listed)
        && let Some(offset) = reveal(place / columns, &view.state.categories.rows, height + gap, ui.available_height())
    {
        area = area.vertical_scroll_offset(offset);
    }
    let mut visible = Vec::new();
    let shown = area.show_rows(ui, height, rows, |ui, rows: Range<usize>| {
        for row in rows.clone() {
            ui.horizontal(|ui| {
                for &place in listed.iter().skip(row * columns).take(columns) {
                    let Some(category) = view.state.library.categories.get(place).cloned() else { continue };
                    card::show(view, ui, (width, height), &category);
                    visible.push(category.name);
                }
            });
        }
        rows
    });
    view.state.categories.rows = shown.inner;
    see(view, visible);
}

/// Says which cards are in sight, if they are others than before.
fn see(view: &mut View<'_>, visible: Vec<String>) {
    if view.state.categories.cards.visible.as_ref() != Some(&visible) {
        view.ask(CategoriesAction::See(visible));
    }
}
