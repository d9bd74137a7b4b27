//! What has just finished or failed, in a lower corner for a moment; a press on it shows all messages.

use eframe::egui::{Align, Align2, Area, Button, Frame, Id, Layout, Order, Role, Sense, Stroke, Ui, WidgetInfo, accesskit::Live, pos2};

use crate::studio::action::Action;
use crate::studio::state::Workspace;
use crate::studio::state::messages::Tone;
use crate::studio::state::toasts::Toast;
use crate::studio::widgets::View;

/// How wide they are, in units: no wider than the lists that stand in that corner.
const WIDTH: f32 = 36.0;
/// More lines of an error are in the list of messages alone.
const LINES: usize = 3;

/// Shows them, the newest lowest; above the status line and the workspace's transport.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &Ui) {
    let now = view.state.now;
    if view.state.is_presenting() {
        return;
    }
    let toasts: Vec<Toast> =
        view.state.messages.toasts().shown(now).filter(|toast| toast.is_news_in(view.state.workspace)).cloned().collect();
    let room = ui.max_rect();
    let gap = view.tokens.unit;
    // Where one draws by hand, what one draws on is on the left.
    let (corner, x) = match view.state.workspace {
        Workspace::Draw => (Align2::RIGHT_BOTTOM, room.right() - gap),
        _ => (Align2::LEFT_BOTTOM, room.left() + gap),
    };
    let mut bottom = view.floor - gap;
    for toast in toasts.iter().rev() {
        let area = Area::new(Id::unique("toast").with(toast.number)).order(Order::Middle).fade_in(false);
        let area = area.fixed_pos(pos2(x, bottom)).pivot(corner).constrain(false).sense(Sense::hover());
        let shown = area.show(ui.ctx(), |ui| one(view, ui, toast));
        bottom = shown.response.rect.top() - gap;
    }
    if let Some(end) = view.state.messages.toasts().next_end(now) {
        ui.ctx().request_repaint_after(end);
    }
}

fn one(view: &mut View<'_>, ui: &mut Ui, toast: &Toast) {
    let colour = view.tone(Some(toast.tone));
    let frame = Frame::popup(ui.style()).fill(view.palette.ground.into()).stroke(Stroke::new(1.0, colour));
    frame.inner_margin(view.tokens.space(1.0)).show(ui, |ui| {
        ui.set_width(view.tokens.space(WIDTH));
        let text = toast.text.lines().take(LINES).map(str::trim).collect::<Vec<_>>().join("\n");
        let first = text.lines().next().unwrap_or_default().to_owned();
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let dismiss = Action::DismissToast(toast.number);
            let tip = dismiss.label();
            let close = view.send(ui, dismiss, Button::new("×").frame(false)).on_hover_text(tip);
            close.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Dismiss “{first}”")));
            ui.with_layout(Layout::top_down(Align::Min), |ui| said(view, ui, toast.tone, &text, &first));
        });
    });
}

/// The words; those who hear them are told at once what failed, and in time what is done.
fn said(view: &mut View<'_>, ui: &mut Ui, tone: Tone, text: &str, first: &str) {
    let response = ui.add(Button::new(text).frame(false).wrap()).on_hover_text("Show the messages");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Message: {first}")));
    let live = if tone == Tone::Error { Live::Assertive } else { Live::Polite };
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(text);
        node.set_live(live);
    });
    if response.clicked() {
        view.ask(Action::ToggleMessages);
    }
}
