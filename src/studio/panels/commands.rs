//! All commands, to be found by typing: what each does, its keys, and why it cannot be done if it cannot.

use eframe::egui::{Align, Frame, Id, Key, Label, Layout, Modal, Modifiers, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

use crate::studio::action::Action;
use crate::studio::state::commands::Command;
use crate::studio::widgets::View;
use crate::studio::words;

/// Rows that are seen at once.
const ROWS: f32 = 9.0;

/// Shows it while it is open.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.commands.is_none() {
        return;
    }
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique("commands")).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(76.0));
        // Before the field sees them.
        let keys = [Key::ArrowDown, Key::ArrowUp, Key::Enter];
        let [down, up, enter] = keys.map(|key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)));
        field(view, ui);
        let found = view.state.found_commands();
        let Some(commands) = &mut view.state.commands else { return };
        let last = found.len().saturating_sub(1);
        commands.selected = (commands.selected + down).saturating_sub(up).min(last);
        let (selected, moved) = (commands.selected, down + up > 0);
        if enter > 0 {
            view.state.chosen_command(selected).into_iter().for_each(|action| view.asked.push(action));
        }
        list(view, ui, &found, selected, moved);
    });
    // Escape, or a press beside it.
    if modal.should_close() {
        view.ask(Action::ShowCommands(false));
    }
}

fn field(view: &mut View<'_>, ui: &mut Ui) {
    let Some(commands) = &mut view.state.commands else { return };
    let field = TextEdit::singleline(&mut commands.query).hint_text("Type what you want to do").desired_width(f32::INFINITY);
    let response = ui.add(field.margin(view.tokens.unit as i8)).accessible_name("Find a command");
    if response.changed() {
        commands.selected = 0;
    }
    response.request_focus();
}

fn list(view: &mut View<'_>, ui: &mut Ui, found: &[Command], selected: usize, moved: bool) {
    if found.is_empty() {
        view.caption(ui, "Nothing is called so. Try fewer or other words.");
        return;
    }
    let height = view.tokens.space(5.5);
    ui.spacing_mut().item_spacing.y = 0.0;
    // As high as its rows, up to so many, however low the list was that was shown before.
    let rows = height * ROWS;
    let area = ScrollArea::vertical().id_salt("commands").max_height(rows).min_scrolled_height(rows).auto_shrink([false, true]);
    area.show(ui, |ui| {
        for (place, command) in found.iter().enumerate() {
            if row(view, ui, command, place == selected, moved, height) {
                view.state.chosen_command(place).into_iter().for_each(|action| view.asked.push(action));
            }
        }
    });
}

/// One command; true if it was pressed.
fn row(view: &View<'_>, ui: &mut Ui, command: &Command, chosen: bool, moved: bool, height: f32) -> bool {
    let can = command.why_not.is_none();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let name = command.action.command();
    response.widget_info(|| WidgetInfo::selected(eframe::egui::Role::Button, can, chosen, &name));
    if chosen && moved {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return false;
    }
    let ground = match (chosen, response.hovered()) {
        (true, _) => Some(view.palette.accent_wash),
        (false, true) => Some(view.palette.button),
        (false, false) => None,
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, view.tokens.space(0.5), ground);
    }
    let (ink, faint) = if can { (view.palette.ink, view.palette.faint) } else { (view.palette.faint, view.palette.faint) };
    let told =
        command.why_not.as_deref().map_or_else(|| command.action.told().to_owned(), |why| format!("Not now: {}", words::sentence(why)));
    let inside = rect.shrink2(vec2(view.tokens.unit, view.tokens.space(0.5)));
    let builder = eframe::egui::UiBuilder::new().max_rect(inside).layout(Layout::right_to_left(Align::Center));
    let mut inner = ui.new_child(builder);
    if let Some(keys) = command.action.keys(view.state) {
        inner.label(RichText::new(ui.ctx().format_shortcut(&keys)).small().color(faint));
        inner.add_space(view.tokens.unit);
    }
    inner.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add(Label::new(RichText::new(name).color(ink)).truncate());
        ui.add(Label::new(RichText::new(told).small().color(faint)).truncate());
    });
    response.clicked() && can
}
