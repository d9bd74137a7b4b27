//! What can be asked for in Denoise.

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{Binding, always, plain};
use crate::studio::state::denoise::Source;
use crate::studio::state::denoise::lesson::PAGES;
use crate::studio::state::{State, Workspace};

/// A wish about following a drawing out of noise.
#[derive(Debug, Clone, PartialEq)]
pub enum DenoiseAction {
    /// Follow the drawing of this seed and number.
    Follow,
    /// Follow the seed's next drawing.
    Next,
    /// Something was set: follow it, if it differs from what is shown.
    Settle,
    /// Stop the work.
    Stop,
    /// To a stroke, from 0.
    Stroke(usize),
    /// One stroke on, or back.
    StepStroke(bool),
    /// To a place between noise and line, in steps.
    Noise(f32),
    /// One step on, or back.
    StepNoise(bool),
    /// Play or hold.
    Play,
    /// Stay with one stroke, or go on to the next.
    Repeat,
    /// The next faster speed of the steps, or the next slower one.
    Faster(bool),
    /// Follow every stroke with other settings beside it.
    Compare,
    /// Show what is attended to.
    Attention,
    /// Show where the next step leads.
    Arrows,
    /// Add noise instead of taking it away.
    Add(bool),
    /// What noise is added to.
    Use(Source),
    /// Go on from here in other ways.
    Others,
    /// Open the guided lesson, or leave it.
    Lesson(bool),
    /// To a page of it, from 0.
    Page(usize),
    /// To its next page, or back.
    Turn(bool),
    /// To a time of a page's pen, in seconds.
    Pen(f32),
}

fn following(state: &State, action: DenoiseAction) -> Option<Action> {
    (state.workspace == Workspace::Denoise && state.denoise.trace().is_some()).then_some(action.into())
}

fn teaching(state: &State, forward: bool) -> Option<Action> {
    (state.workspace == Workspace::Denoise && state.denoise.lesson.is_some()).then_some(DenoiseAction::Turn(forward).into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    // What a presenter's remote sends.
    always(Modifiers::NONE, Key::PageDown, |state| teaching(state, true)),
    always(Modifiers::NONE, Key::PageUp, |state| teaching(state, false)),
    plain(Modifiers::NONE, Key::Space, |state| following(state, DenoiseAction::Play)),
    plain(Modifiers::SHIFT, Key::ArrowRight, |state| following(state, DenoiseAction::StepStroke(true))),
    plain(Modifiers::SHIFT, Key::ArrowLeft, |state| following(state, DenoiseAction::StepStroke(false))),
    plain(Modifiers::NONE, Key::ArrowRight, |state| following(state, DenoiseAction::StepNoise(true))),
    plain(Modifiers::NONE, Key::ArrowLeft, |state| following(state, DenoiseAction::StepNoise(false))),
    plain(Modifiers::NONE, Key::Home, |state| following(state, DenoiseAction::Noise(0.0))),
    plain(Modifiers::NONE, Key::End, |state| following(state, DenoiseAction::Noise(f32::INFINITY))),
    plain(Modifiers::NONE, Key::N, |state| following(state, DenoiseAction::Next)),
    plain(Modifiers::NONE, Key::C, |state| following(state, DenoiseAction::Compare)),
    plain(Modifiers::NONE, Key::A, |state| following(state, DenoiseAction::Attention)),
    plain(Modifiers::NONE, Key::CloseBracket, |state| following(state, DenoiseAction::Faster(true))),
    plain(Modifiers::NONE, Key::OpenBracket, |state| following(state, DenoiseAction::Faster(false))),
    plain(Modifiers::NONE, Key::O, |state| following(state, DenoiseAction::Others)),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let all = [DenoiseAction::Follow, DenoiseAction::Next, DenoiseAction::Stop];
    let shown = [DenoiseAction::Compare, DenoiseAction::Attention, DenoiseAction::Arrows];
    let add = [DenoiseAction::Add(!state.denoise.adding), DenoiseAction::Others];
    let to = [Source::Drawn, Source::Real].map(DenoiseAction::Use).into_iter().filter(|_| state.denoise.adding);
    let here = state.workspace == Workspace::Denoise;
    let steps = [true, false].into_iter().flat_map(|forward| [DenoiseAction::StepNoise(forward), DenoiseAction::StepStroke(forward)]);
    let ends = [DenoiseAction::Noise(0.0), DenoiseAction::Noise(f32::INFINITY)];
    let moves = [DenoiseAction::Play, DenoiseAction::Repeat, DenoiseAction::Faster(true), DenoiseAction::Faster(false)]
        .into_iter()
        .chain(steps)
        .chain(ends)
        .filter(|_| here);
    let open = state.denoise.lesson.is_some();
    let pages = [true, false].map(DenoiseAction::Turn).into_iter().filter(|_| open);
    let lesson = [DenoiseAction::Lesson(!open)].into_iter().chain(pages);
    all.into_iter().chain(shown).chain(add).chain(to).chain(lesson).chain(moves).map(Action::from).collect()
}

impl DenoiseAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Follow => "Follow".into(),
            Self::Next => "Next drawing".into(),
            Self::Settle => "Follow what is set".into(),
            Self::Stop => "Stop".into(),
            Self::Stroke(part) => format!("Stroke {}", part + 1),
            Self::StepStroke(true) => "Next stroke".into(),
            Self::StepStroke(false) => "Previous stroke".into(),
            Self::Noise(at) if *at <= 0.0 => "To pure noise".into(),
            Self::Noise(_) => "To the finished line".into(),
            Self::StepNoise(true) => "Next step".into(),
            Self::StepNoise(false) => "Previous step".into(),
            Self::Play => "Play or hold".into(),
            Self::Repeat => "Repeat".into(),
            Self::Faster(true) => "Faster".into(),
            Self::Faster(false) => "Slower".into(),
            Self::Compare => "Compare settings".into(),
            Self::Attention => "Show attention".into(),
            Self::Arrows => "Show the next step".into(),
            Self::Add(true) => "Add noise".into(),
            Self::Add(false) => "Take noise away".into(),
            Self::Use(Source::Drawn) => "The model's drawing".into(),
            Self::Use(Source::Real) => "A real drawing".into(),
            Self::Others => "Other ways on".into(),
            Self::Lesson(true) => "Lesson".into(),
            Self::Lesson(false) => "Leave the lesson".into(),
            Self::Page(page) => PAGES.get(*page).map_or_else(String::new, |of| format!("Page {}: {}", page + 1, of.title)),
            Self::Turn(true) => "Next page".into(),
            Self::Turn(false) => "Previous page".into(),
            Self::Pen(_) => "Scrub".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Follow => "Draws with this seed and number, and keeps every step on the way.",
            Self::Next => "Draws the next number of this seed, and keeps every step on the way.",
            Self::Settle => "Follows the drawing again with what was set.",
            Self::Stop => "Ends the drawing; what was followed before stays.",
            Self::Stroke(_) => "Looks at how this stroke came out of noise.",
            Self::StepStroke(_) => "Looks at the neighbouring stroke, at the same step.",
            Self::Noise(at) if *at <= 0.0 => "Where the way begins: nothing but random numbers.",
            Self::Noise(_) => "Where the way ends: no noise is left.",
            Self::StepNoise(true) => "One denoising step towards the line.",
            Self::StepNoise(false) => "One denoising step back towards the noise.",
            Self::Play => "Lets the steps pass, stroke after stroke.",
            Self::Faster(_) => "Changes how fast the steps pass.",
            Self::Repeat => "Plays this stroke, or the whole canvas, again and again instead of going on.",
            Self::Compare => "Sets every stroke beside what other settings make of the very same noise behind the same strokes.",
            Self::Attention => "Draws every earlier stroke in ink as strong as the model attends to it before it draws this one.",
            Self::Arrows => "Draws where the next step takes each point.",
            Self::Add(true) => "The way back: what training does to a drawing, so that the model learns to undo it.",
            Self::Add(false) => "The model's own way, from noise to line.",
            Self::Use(Source::Drawn) => "Adds noise to what the model drew.",
            Self::Use(Source::Real) => "Adds noise to a drawing by a person, as training does.",
            Self::Others => "Draws four other drawings that begin with the same strokes, from other noise.",
            Self::Lesson(true) => "Six short pages for a class, from a real drawing to a whole one of the model.",
            Self::Lesson(false) => "Puts back what was set before.",
            Self::Page(_) => "Goes to this page of the lesson.",
            Self::Turn(true) => "The lesson's next page.",
            Self::Turn(false) => "The lesson's page before.",
            Self::Pen(_) => "Moves the pen to this time.",
        }
    }
}
