//! A button with a sign instead of words.

use eframe::egui::{Button, Role, Ui, WidgetInfo, vec2};

use super::View;
use super::icon::{self, Icon};
use crate::studio::action::Action;

/// Shows it; the name is for the tooltip and for those who hear it.
pub(in crate::studio) fn sign(view: &mut View<'_>, ui: &mut Ui, icon: Icon, name: &str, action: impl Into<Action>) {
    let action = action.into();
    let size = vec2(view.tokens.space(4.5), view.tokens.space(3.5));
    let enabled = view.state.why_not(&action).is_none();
    let response = view.send(ui, action, Button::new("").min_size(size)).on_hover_text(name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let colour = ui.style().interact(&response).text_color();
    let colour = if enabled { colour } else { ui.visuals().disable(colour) };
    icon::paint(ui.painter(), response.rect, icon, view.tokens.unit, colour);
}
