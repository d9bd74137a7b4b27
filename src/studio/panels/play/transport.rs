//! Under the drawing: scrub bar, play and step buttons, speed, loop, colours, all at once.

use eframe::egui::accesskit::Action as Wish;
use eframe::egui::{Align, ComboBox, Layout, Ui};

use crate::studio::action::PlayAction;
use crate::studio::state::denoise::words::percent;
use crate::studio::state::play::SPEEDS;
use crate::studio::widgets::icon::Icon;
use crate::studio::widgets::{View, scrub, sign};

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    // Of a drawing that grows there is nothing to play yet.
    if view.state.play.current().is_none() || view.state.play.growing.is_some() {
        return;
    }
    let (bar, there) = scrub::scrub(view, ui, &view.state.play.playback, view.state.play.colours);
    if let Some(secs) = there {
        view.ask(PlayAction::Seek(secs));
    }
    let steps = |wish| ui.input(|input| input.num_accesskit_action_requests(bar.id, wish));
    let forward = [(Wish::Increment, true), (Wish::Decrement, false)];
    for (wish, forward) in forward {
        (0..steps(wish)).for_each(|_| view.ask(PlayAction::StepPoint(forward)));
    }
    if view.state.is_presenting() {
        ui.horizontal(|ui| moves(view, ui));
        return;
    }
    let narrow = ui.available_width() < view.tokens.space(108.0);
    ui.horizontal(|ui| {
        moves(view, ui);
        if !narrow {
            ui.add_space(view.tokens.space(1.0));
            view.caption(ui, where_it_is(view));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| switches(view, ui));
        }
    });
    if narrow {
        ui.horizontal_wrapped(|ui| {
            switches(view, ui);
            ui.add_space(view.tokens.space(1.0));
            // In a line of its own rather than broken.
            ui.style_mut().wrap_mode = Some(eframe::egui::TextWrapMode::Extend);
            view.caption(ui, where_it_is(view));
        });
    }
}

/// To the ends, by strokes, by points; play or hold.
fn moves(view: &mut View<'_>, ui: &mut Ui) {
    let playing = view.state.play.playback.playing;
    let last = view.state.play.playback.timeline().length();
    sign(view, ui, Icon::End(false), "To the start", PlayAction::Seek(0.0));
    sign(view, ui, Icon::Stroke(false), "Previous stroke", PlayAction::StepStroke(false));
    sign(view, ui, Icon::Point(false), "Previous point", PlayAction::StepPoint(false));
    let (icon, name) = if playing { (Icon::Hold, "Hold") } else { (Icon::Play, "Play drawing") };
    sign(view, ui, icon, name, PlayAction::Play);
    sign(view, ui, Icon::Point(true), "Next point", PlayAction::StepPoint(true));
    sign(view, ui, Icon::Stroke(true), "Next stroke", PlayAction::StepStroke(true));
    sign(view, ui, Icon::End(true), "To the end", PlayAction::Seek(last));
}

/// Speed, loop, colours, one or all.
fn switches(view: &mut View<'_>, ui: &mut Ui) {
    let width = view.tokens.space(8.0);
    let play = &view.state.play;
    let (all, colours, looping) = (play.all, play.colours, play.playback.looping);
    for (action, on) in [(PlayAction::AllAtOnce, all), (PlayAction::Colours, colours), (PlayAction::Loop, looping)] {
        view.switch(ui, action, on);
    }
    let play = &mut view.state.play;
    let name = |speed: f32| format!("{speed}×");
    let combo = ComboBox::from_id_salt("speed").selected_text(name(play.playback.speed)).width(width);
    let combo = combo.show_ui(ui, |ui| {
        for speed in SPEEDS {
            ui.selectable_value(&mut play.playback.speed, speed, name(speed));
        }
    });
    combo.response.accessible_name("Speed").on_hover_text("Speed of the pen");
}

/// "stroke 4 of 9, point 37 of 61"; of all at once "40 % of each drawing"
fn where_it_is(view: &View<'_>) -> String {
    let playback = &view.state.play.playback;
    if view.state.play.all {
        return format!("{} of each drawing", percent(playback.share()));
    }
    let timeline = playback.timeline();
    match playback.shown() {
        Some(shown) => {
            format!("stroke {} of {}, point {} of {}", shown.stroke + 1, timeline.strokes(), shown.reached, timeline.times().len())
        }
        None => "no strokes".into(),
    }
}
