//! What scores rest on: without it no number says anything.

use eframe::egui::{Label, RichText, Ui};

use crate::session::{Origin, Scores, Versus};
use crate::studio::widgets::View;
use crate::studio::words;
use crate::util::number::noun;

/// The terms in it.
const TERMS: &str = "Extractor: the network that turns a picture into the numbers that are compared.\nSHA-256: a fingerprint of its \
                     weights; with other weights it differs, and so do the scores.\nRenderer: what turns strokes into a picture, the same \
                     for real and generated drawings.";

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, scores: &Scores, versus: &Versus) {
    ui.add_space(view.tokens.space(0.5));
    let (Origin::Model { file, .. } | Origin::Drawings { file, .. }) = &scores.origin;
    let steps = match scores.origin {
        Origin::Model { steps, .. } => format!(", {}", words::counted(steps, "training step", "training steps")),
        Origin::Drawings { .. } => String::new(),
    };
    let seeds: Vec<String> = scores.seeds.iter().map(u64::to_string).collect();
    let seeds = if seeds.is_empty() { "no seed".into() } else { format!("{} {}", noun(seeds.len(), "seed", "seeds"), seeds.join(", ")) };
    let basis = &scores.basis;
    let sha = basis.extractor.sha256.get(..12).unwrap_or(&basis.extractor.sha256);
    let neighbours = match scores.data.neighbours {
        0 => "not looked for".into(),
        n => format!("looked for among {}", words::counted(n as u64, "training drawing", "training drawings")),
    };
    let lines = [
        format!("Drawings by {file}{steps}; {seeds}, {} each.", words::counted(scores.generated as u64, "drawing", "drawings")),
        format!(
            "Real drawings: {} of {}. Floor: {}. Copies: {neighbours}.",
            words::count(versus.real as u64),
            versus.against.words(),
            words::counted(versus.floor as u64, "training drawing", "training drawings")
        ),
        format!("Extractor {} ({} numbers a drawing, SHA-256 {sha}…); renderer {}.", basis.extractor.name, basis.width, basis.renderer),
        "Only scores of the same extractor, renderer and numbers of drawings can be compared.".into(),
    ];
    let text = RichText::new(lines.join("\n")).small().color(view.palette.faint);
    ui.add(Label::new(text).wrap().selectable(true)).on_hover_text(TERMS);
    ui.add_space(view.tokens.space(1.0));
}
