//! What several panels use. Everything here takes its colours and sizes from the theme's tokens.

mod bar;
pub(super) mod drawing;
mod formula;
pub(super) mod icon;
mod levels;
mod mark;
mod path_field;
mod question;
mod reveal;
pub(super) mod scrub;
mod setting;
mod sign;

use eframe::egui::{self, Align, Button, Layout, Response, RichText, Stroke, Ui};

pub(super) use bar::bar;
pub(super) use formula::{Piece, formula};
pub(super) use levels::{Moved, levels, levels_between};
pub(super) use mark::{Mark, mark};
pub(super) use path_field::path_field;
pub(super) use question::{Question, answers, question};
pub(super) use reveal::reveal;
pub(super) use setting::{setting, slider, slider_named, suffix};
pub(super) use sign::sign;

use super::action::Action;
use super::state::State;
use super::state::messages::Tone;
use super::theme::{Palette, Tokens};

/// What a view is given: the state, the theme's tokens, and where its wishes go.
pub(super) struct View<'a> {
    pub state: &'a mut State,
    pub tokens: &'a Tokens,
    pub palette: &'a Palette,
    /// What is said for a moment stays above this height: beneath are the status line, and the workspace's transport.
    pub floor: f32,
    pub asked: &'a mut Vec<Action>,
}

impl View<'_> {
    /// Sends a wish.
    pub fn ask(&mut self, action: impl Into<Action>) {
        self.asked.push(action.into());
    }

    /// A button for an action: disabled with its reason when it cannot be carried out.
    pub fn command(&mut self, ui: &mut Ui, action: impl Into<Action>) -> Response {
        let action = action.into();
        let button = Button::new(action.label());
        self.send(ui, action, button)
    }

    /// The one button of a group that is meant to be pressed next.
    pub fn primary(&mut self, ui: &mut Ui, action: impl Into<Action>) -> Response {
        let action = action.into();
        let text = RichText::new(action.label()).color(self.palette.on_accent);
        let button = Button::new(text).fill(self.palette.accent).stroke(Stroke::new(1.0, self.palette.accent));
        let button = button.min_size(egui::vec2(self.tokens.space(14.0), self.tokens.space(4.0)));
        self.send(ui, action, button)
    }

    /// A button of the same size as the primary one, beside it.
    pub fn secondary(&mut self, ui: &mut Ui, action: impl Into<Action>) -> Response {
        let action = action.into();
        let button = Button::new(action.label()).min_size(egui::vec2(self.tokens.space(10.0), self.tokens.space(4.0)));
        self.send(ui, action, button)
    }

    /// Any button for an action.
    pub fn send(&mut self, ui: &mut Ui, action: impl Into<Action>, button: Button<'_>) -> Response {
        let action = action.into();
        let why_not = self.state.why_not(&action);
        let mut response = ui.add_enabled(why_not.is_none(), button);
        let keys = action.keys(self.state).map(|keys| ui.ctx().format_shortcut(&keys));
        let tip = match (action.explain(), keys) {
            ("", None) => String::new(),
            ("", Some(keys)) => keys,
            (explain, None) => explain.to_owned(),
            (explain, Some(keys)) => format!("{explain} ({keys})"),
        };
        if !tip.is_empty() {
            response = response.on_hover_text(tip);
        }
        if let Some(why) = why_not {
            response = response.on_disabled_hover_text(why);
        }
        if response.clicked() {
            self.ask(action);
        }
        response
    }

    /// A tick for something that an action switches.
    pub fn switch(&mut self, ui: &mut Ui, action: impl Into<Action>, on: bool) -> Response {
        let action = action.into();
        let why_not = self.state.why_not(&action);
        let keys = action.keys(self.state).map_or_else(String::new, |keys| format!(" ({})", ui.ctx().format_shortcut(&keys)));
        let mut ticked = on;
        let response = ui.add_enabled(why_not.is_none(), egui::Checkbox::new(&mut ticked, action.label()));
        let response = response.on_hover_text(format!("{}{keys}", action.explain())).on_disabled_hover_text(why_not.unwrap_or_default());
        if response.clicked() {
            self.ask(action);
        }
        response
    }

    /// Small, faint text: captions, units, explanations.
    pub fn caption(&self, ui: &mut Ui, text: impl Into<String>) -> Response {
        ui.label(RichText::new(text).small().color(self.palette.faint))
    }

    /// The heading of a group.
    pub fn heading(&self, ui: &mut Ui, text: &str) -> Response {
        ui.label(RichText::new(text).heading())
    }

    /// A number with its name above and its unit behind.
    pub fn figure(&self, ui: &mut Ui, name: &str, value: &str, unit: &str, explain: &str) {
        let stack = ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = self.tokens.space(0.25);
            self.caption(ui, name);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = self.tokens.space(0.5);
                ui.label(RichText::new(value).heading());
                if !unit.is_empty() {
                    ui.label(RichText::new(unit).small().color(self.palette.faint));
                }
            });
        });
        stack.response.on_hover_text(explain);
    }

    /// What an empty place says: what it is for, and what to do next.
    pub fn empty(&mut self, ui: &mut Ui, heading: &str, detail: &str, next: Option<Action>) {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.3).min(self.tokens.space(16.0)));
            ui.label(RichText::new(heading).heading());
            ui.label(RichText::new(detail).color(self.palette.faint));
            if let Some(action) = next {
                ui.add_space(self.tokens.space(1.0));
                self.primary(ui, action);
            }
        });
    }

    /// A heading and a sentence that say how something stands. Errors can be selected and copied.
    pub fn standing(&self, ui: &mut Ui, tone: Option<Tone>, heading: &str, detail: &str) {
        let colour = self.tone(tone);
        ui.spacing_mut().item_spacing.y = self.tokens.space(0.5);
        ui.label(RichText::new(heading).text_style(super::theme::display()).color(colour));
        let failed = tone == Some(Tone::Error);
        let text = RichText::new(detail).color(if failed { self.palette.ink } else { self.palette.faint });
        ui.add(egui::Label::new(text).wrap().selectable(failed));
    }

    /// The colour of a tone.
    pub fn tone(&self, tone: Option<Tone>) -> egui::Color32 {
        match tone {
            Some(Tone::Error) => self.palette.error.into(),
            Some(Tone::Done) => self.palette.good.into(),
            Some(Tone::Note) | None => self.palette.ink.into(),
        }
    }

    /// A row of a form: its name on the left, its control on the right, named by it.
    pub fn row<R>(&self, ui: &mut Ui, name: &str, explain: &str, control: impl FnOnce(&mut Ui) -> R) -> R {
        ui.horizontal(|ui| {
            let label = ui.label(name);
            let label = if explain.is_empty() { label } else { label.on_hover_text(explain) };
            let rest = Layout::right_to_left(Align::Center);
            ui.with_layout(rest, |ui| ui.label_inputs_by(label.id, control)).inner
        })
        .inner
    }

    /// The frame of a side panel.
    pub fn side(&self) -> egui::Frame {
        egui::Frame::new().fill(self.palette.panel.into()).inner_margin(self.tokens.space(2.0))
    }

    /// A sheet of paper.
    pub fn paper(&self) -> egui::Frame {
        egui::Frame::new()
            .fill(self.palette.paper.into())
            .stroke(Stroke::new(1.0, self.palette.rule))
            .corner_radius(self.tokens.space(0.75))
            .inner_margin(self.tokens.space(1.0))
    }
}
