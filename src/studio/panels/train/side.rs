//! The left side of Train: what can be learned, or what was.

use eframe::egui::{Button, RichText, Role, Ui, WidgetInfo};

use super::{categories, runs};
use crate::studio::action::{Action, RunsAction, TrainAction};
use crate::studio::state::runs::Side;
use crate::studio::widgets::View;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    ui.horizontal_wrapped(|ui| {
        Side::ALL.into_iter().for_each(|side| tab(view, ui, side));
        match view.state.runs.side {
            Side::Categories => view.command(ui, TrainAction::Survey),
            Side::Runs => look_again(view, ui),
        }
    });
    match view.state.runs.side {
        Side::Categories => categories::show(view, ui),
        Side::Runs => runs::show(view, ui),
    }
}

/// One of the two lists. Its name is told from the workspace's of the same words.
fn tab(view: &mut View<'_>, ui: &mut Ui, side: Side) {
    let selected = view.state.runs.side == side;
    let action = RunsAction::Show(side);
    let text = RichText::new(action.label());
    let text = if selected { text.color(view.palette.accent) } else { text };
    let response = view.send(ui, action, Button::selectable(selected, text));
    let name = match side {
        Side::Categories => "List of categories",
        Side::Runs => "List of runs",
    };
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, selected, name));
}

/// In short where the list of runs is in sight, in full for those who hear it.
fn look_again(view: &mut View<'_>, ui: &mut Ui) -> eframe::egui::Response {
    let action: Action = RunsAction::Look.into();
    let (name, can) = (action.label(), view.state.why_not(&action).is_none());
    let response = view.send(ui, action, Button::new(TrainAction::Survey.label()));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, can, &name));
    response
}
