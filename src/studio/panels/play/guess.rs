//! What a classifier takes the drawing for, so far.

use eframe::egui::{Align, Label, Layout, RichText, Ui, vec2};

use crate::session::Guess;
use crate::studio::state::denoise::words::percent;
use crate::studio::state::play::{MOST, Standing};
use crate::studio::widgets::{View, bar};
use crate::studio::words;

/// Shows it; always as high, so that the paper below stays where it is.
pub(super) fn show(view: &View<'_>, ui: &mut Ui) {
    let line = ui.horizontal_top(|ui| {
        ui.set_min_height(view.tokens.space(4.5));
        match view.state.play.guess() {
            Standing::Nothing => {}
            Standing::Waiting => {
                view.caption(ui, "A classifier is looking at the drawing…");
            }
            Standing::After(0, _) => {
                view.caption(ui, "The first stroke is not finished: too early to guess what it is.");
            }
            Standing::After(finished, guesses) => likeliest(view, ui, finished, guesses),
            Standing::Failed(why) => {
                let text = format!("No guess what it is: {why}\nChoose the drawing again to ask once more.");
                ui.add(Label::new(RichText::new(text).small().color(view.palette.error)).wrap().selectable(true));
            }
        }
    });
    line.response
        .on_hover_text("What the classifier that comes with Denoodle takes the finished strokes for. It learnt from real drawings.");
}

fn likeliest(view: &View<'_>, ui: &mut Ui, finished: usize, guesses: &[Guess]) {
    view.caption(ui, format!("After {}:", words::counted(finished as u64, "stroke", "strokes")));
    let gaps = view.tokens.unit * MOST as f32;
    let width = ((ui.available_width() - gaps) / MOST as f32).clamp(view.tokens.space(6.0), view.tokens.space(18.0));
    for guess in guesses {
        let share = guess.probability as f32;
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = view.tokens.space(0.25);
            let text = format!("{} {}", guess.category, percent(share));
            ui.add(Label::new(RichText::new(text).small()).truncate());
            bar(view, ui, Some(share), &format!("How sure it is of {}", guess.category));
        });
    }
}
