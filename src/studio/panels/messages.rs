//! The list of messages, above the status line while it is open.

use eframe::egui::{Label, Layout, RichText, ScrollArea, Ui, vec2};

use crate::studio::action::Action;
use crate::studio::engine::Job;
use crate::studio::state::messages::Tone;
use crate::studio::widgets::View;
use crate::util::clock;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal(|ui| {
        view.heading(ui, "Messages");
        ui.with_layout(Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            if ui.button("Hide").clicked() {
                view.ask(Action::ToggleMessages);
            }
            view.command(ui, Action::ClearMessages);
        });
    });
    if view.state.messages.list().is_empty() {
        view.caption(ui, "Nothing was said yet. What finishes, fails or needs your attention is kept here.");
        return;
    }
    ScrollArea::vertical().id_salt("messages").auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
        for message in view.state.messages.list() {
            ui.horizontal_top(|ui| {
                let ago = view.state.now.saturating_sub(message.at);
                let who = match message.job {
                    Job::Survey => "Disk",
                    Job::Fetch => "Fetch",
                    Job::Train => "Training",
                    Job::Draw | Job::Continue | Job::Complete => "Drawing",
                    Job::Describe => "Model",
                    Job::Keep | Job::Collections => "Keeping",
                    Job::Trace => "Denoising",
                    Job::Noise => "Adding noise",
                    Job::Guess => "Guessing",
                    Job::Export => "Export",
                    Job::Interpolate | Job::Between => "Interpolation",
                    Job::Evaluate | Job::SaveScores => "Evaluation",
                    Job::Compare => "Comparison",
                    Job::Weights => "Weights",
                    Job::Import => "Import",
                    Job::Browse | Job::Cards => "Categories",
                    Job::Runs | Job::ChangeRun | Job::Curves => "Runs",
                };
                let width = view.tokens.space(20.0);
                ui.allocate_ui(vec2(width, 0.0), |ui| {
                    ui.set_width(width);
                    view.caption(ui, format!("{who}, {} ago", clock::words(ago)));
                });
                let colour = view.tone(Some(message.tone).filter(|&tone| tone != Tone::Note));
                ui.add(Label::new(RichText::new(&message.text).color(colour)).wrap().selectable(true));
            });
        }
    });
}
