//! Under the drawing: play and step buttons, and the bar from noise to line.

use eframe::egui::{ComboBox, Ui};

use crate::studio::action::DenoiseAction;
use crate::studio::state::denoise::SPEEDS;
use crate::studio::widgets::icon::Icon;
use crate::studio::widgets::{Moved, View, levels, sign};

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let playing = view.state.denoise.position.playing;
        let whole = view.state.denoise.is_whole();
        if !whole {
            sign(view, ui, Icon::Stroke(false), "Previous stroke", DenoiseAction::StepStroke(false));
        }
        sign(view, ui, Icon::Point(false), "Previous step", DenoiseAction::StepNoise(false));
        let (icon, name) = if playing { (Icon::Hold, "Hold") } else { (Icon::Play, "Play steps") };
        sign(view, ui, icon, name, DenoiseAction::Play);
        sign(view, ui, Icon::Point(true), "Next step", DenoiseAction::StepNoise(true));
        if !whole {
            sign(view, ui, Icon::Stroke(true), "Next stroke", DenoiseAction::StepStroke(true));
        }
        speed(view, ui);
        ui.add_space(view.tokens.space(1.0));
        let (at, steps) = (view.state.denoise.position.at, view.state.denoise.steps());
        let (response, moved) = levels(view, ui, at, steps, "Noise level");
        response.on_hover_text("From pure noise to the finished line, a tick for each denoising step. Drag it, or use the arrow keys.");
        for moved in moved {
            view.ask(match moved {
                Moved::To(step) => DenoiseAction::Noise(step),
                Moved::By(forward) => DenoiseAction::StepNoise(forward),
            });
        }
    });
}

fn speed(view: &mut View<'_>, ui: &mut Ui) {
    let width = view.tokens.space(11.0);
    let position = &mut view.state.denoise.position;
    let now = SPEEDS.iter().find(|(speed, _)| *speed == position.speed).map_or("", |(_, name)| name);
    let combo = ComboBox::from_id_salt("denoise speed").selected_text(now).width(width).show_ui(ui, |ui| {
        for (speed, name) in SPEEDS {
            ui.selectable_value(&mut position.speed, speed, name);
        }
    });
    combo.response.accessible_name("Speed").on_hover_text("How fast the steps pass");
}
