//! What may be asked for in Denoise, and what comes of it.

use super::lesson::PAGES;
use super::{Denoise, Phase, SPEEDS, Source};
use crate::session::Command;
use crate::studio::action::DenoiseAction;
use crate::studio::engine::Job;
use crate::studio::playback::{Playback, next_speed};
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::util::Reason;

fn speeds() -> impl DoubleEndedIterator<Item = f32> {
    SPEEDS.into_iter().map(|(speed, _)| speed)
}

impl State {
    pub(in crate::studio::state) fn main_denoise(&self) -> DenoiseAction {
        if self.denoise.is_running() { DenoiseAction::Stop } else { DenoiseAction::Next }
    }

    pub(in crate::studio::state) fn why_not_denoise(&self, action: &DenoiseAction) -> Option<String> {
        let denoise = &self.denoise;
        let model = || unless(!self.play.model.trim().is_empty(), "Choose a model first, or train one.");
        let shown = || unless(denoise.part().is_some_and(|part| !part.moments.is_empty()), "There is no drawing to follow yet.");
        match action {
            // What is under way is not begun again.
            DenoiseAction::Follow if denoise.is_running() => Some("A drawing is being followed already.".into()),
            DenoiseAction::Follow | DenoiseAction::Next | DenoiseAction::Settle => model(),
            DenoiseAction::Stop => unless(denoise.is_running(), "Nothing is being drawn."),
            DenoiseAction::Stroke(part) => unless(*part < denoise.parts(), "There is no such stroke."),
            DenoiseAction::StepStroke(_) if denoise.is_whole() => Some("This model makes the whole canvas at once.".into()),
            DenoiseAction::StepStroke(_) | DenoiseAction::StepNoise(_) | DenoiseAction::Noise(_) | DenoiseAction::Play => shown(),
            DenoiseAction::Add(true) | DenoiseAction::Compare if denoise.followed.is_none() => {
                Some("There is no drawing to follow yet.".into())
            }
            DenoiseAction::Faster(faster) => unless(
                next_speed(speeds(), denoise.position.speed, *faster).is_some(),
                if *faster { "It goes as fast as it can." } else { "It goes as slowly as it can." },
            ),
            DenoiseAction::Add(true) if !denoise.capabilities().forward => {
                Some("This model takes no noise from lines, so none can be added to a drawing for it.".into())
            }
            DenoiseAction::Compare if denoise.adding => Some("Adding noise needs no settings to compare.".into()),
            DenoiseAction::Attention if denoise.is_whole() => Some("This model has no earlier strokes to attend to.".into()),
            DenoiseAction::Use(Source::Real) => {
                let category = denoise.followed.as_ref().map(|followed| followed.traced.category.as_str()).unwrap_or_default();
                let here = self.library.is_here(category);
                (!here).then(|| format!("There are no real drawings of {category} on this machine. Fetch them in Categories."))
            }
            DenoiseAction::Others if denoise.continuing == Phase::Running => Some("They are being drawn.".into()),
            DenoiseAction::Others => match &denoise.followed {
                None => Some("There is no drawing to follow yet.".into()),
                Some(of) => unless(of.traced.capabilities.completion, "This model cannot go on with strokes that are given."),
            },
            DenoiseAction::Lesson(true) => self.why_no_lesson(),
            DenoiseAction::Lesson(false) => unless(denoise.lesson.is_some(), "The lesson is not open."),
            DenoiseAction::Page(page) => unless(denoise.lesson.is_some() && *page < PAGES.len(), "Open the lesson first."),
            DenoiseAction::Turn(forward) => self.why_no_page(*forward),
            DenoiseAction::Pen(_) => unless(denoise.pen().is_some(), "There is no pen to move here."),
            _ => None,
        }
    }

    pub(in crate::studio::state) fn act_denoise(&mut self, action: DenoiseAction) -> Vec<Effect> {
        let steps = self.denoise.steps();
        if let Some(pen) = self.denoise.pen_mut().filter(|_| moves(&action)) {
            move_pen(pen, &action);
            return Vec::new();
        }
        match action {
            DenoiseAction::Follow => {
                self.denoise.asked = None;
                return self.settle_denoise();
            }
            DenoiseAction::Next => {
                // The first time, the drawing that is named; then the next one.
                if self.denoise.followed.is_some() {
                    self.denoise.number = self.denoise.number.wrapping_add(1);
                }
                self.denoise.asked = self.denoise.asked.take().filter(|_| self.denoise.followed.is_some());
                return self.settle_denoise();
            }
            DenoiseAction::Settle => return self.settle_denoise(),
            DenoiseAction::Stop => return vec![Effect::Stop(Job::Trace, Reason::Stopped)],
            DenoiseAction::Stroke(part) => {
                let at = self.denoise.position.at;
                self.denoise.position.go_to_part(part, at);
                self.denoise.position.playing = false;
            }
            DenoiseAction::StepStroke(forward) => {
                let (part, last) = (self.denoise.position.part, self.denoise.parts().saturating_sub(1));
                let part = if forward { (part + 1).min(last) } else { part.saturating_sub(1) };
                return self.act_denoise(DenoiseAction::Stroke(part));
            }
            DenoiseAction::StepNoise(forward) => self.denoise.position.step_by(forward, steps),
            DenoiseAction::Noise(at) => self.denoise.position.seek(at, steps),
            DenoiseAction::Play => self.denoise.play(),
            DenoiseAction::Compare => {
                self.denoise.compare = !self.denoise.compare;
                return self.settle_denoise();
            }
            DenoiseAction::Attention => self.denoise.attention = !self.denoise.attention,
            DenoiseAction::Arrows => self.denoise.arrows = !self.denoise.arrows,
            DenoiseAction::Faster(faster) => {
                let position = &mut self.denoise.position;
                position.speed = next_speed(speeds(), position.speed, faster).unwrap_or(position.speed);
            }
            DenoiseAction::Repeat => self.denoise.position.repeat = !self.denoise.position.repeat,
            DenoiseAction::Add(add) => {
                self.denoise.adding = add;
                self.denoise.position.playing = false;
                let effects = self.settle_denoise();
                self.denoise.keep_in_range();
                return effects;
            }
            DenoiseAction::Use(source) => {
                self.denoise.source = source;
                return self.settle_denoise();
            }
            DenoiseAction::Lesson(open) => return self.open_lesson(open),
            DenoiseAction::Page(page) => return self.go_to_page(page),
            DenoiseAction::Turn(forward) => return self.turn_page(forward),
            // Moved above, where there is one.
            DenoiseAction::Pen(_) => {}
            DenoiseAction::Others => {
                let Some(request) = self.denoise.others_request() else { return Vec::new() };
                self.denoise.after = self.denoise.before(self.denoise.position.part).len();
                self.denoise.continuing = Phase::Running;
                return vec![Effect::Start(Job::Continue, Command::Draw(Box::new(request)))];
            }
        }
        Vec::new()
    }

    /// Starts what is wanted and was not asked for yet, if this workspace is shown and no such work is going on; what goes on is
    /// followed by this again.
    pub(in crate::studio::state) fn settle_denoise(&mut self) -> Vec<Effect> {
        if self.workspace != Workspace::Denoise || self.play.model.trim().is_empty() {
            return Vec::new();
        }
        let denoise = &mut self.denoise;
        let mut effects = Vec::new();
        let wanted = denoise.wanted(&self.play);
        if denoise.asked.as_ref() != Some(&wanted) && denoise.phase != Phase::Running {
            let request = denoise.request(&wanted);
            denoise.phase = Phase::Running;
            denoise.stage.clear();
            denoise.asked = Some(wanted);
            effects.push(Effect::Start(Job::Trace, Command::Trace(Box::new(request))));
        }
        if denoise.adding && denoise.noising != Phase::Running && denoise.phase != Phase::Running {
            let wanted = denoise.noise_wanted(&self.play, &self.options.folders);
            if let Some(wanted) = wanted.filter(|wanted| denoise.noise_asked.as_ref() != Some(wanted)) {
                let request = denoise.noise_request(&wanted);
                denoise.noising = Phase::Running;
                denoise.noise_asked = Some(wanted);
                effects.push(Effect::Start(Job::Noise, Command::Noise(Box::new(request))));
            }
        }
        effects
    }
}

impl Denoise {
    /// Plays or holds; from the start if it is at the end.
    fn play(&mut self) {
        let steps = self.steps() as f32;
        let (start, end) = if self.adding { (steps, 0.0) } else { (0.0, steps) };
        self.position.playing = !self.position.playing;
        if self.position.playing && self.position.at == end {
            let last = self.position.part + 1 >= self.parts();
            let part = match (self.position.repeat || self.adding, last) {
                (true, _) => self.position.part,
                (false, true) => 0,
                (false, false) => self.position.part + 1,
            };
            self.position.go_to_part(part, start);
        }
    }

    /// No further than what is shown.
    pub(super) fn keep_in_range(&mut self) {
        self.position.part = self.position.part.min(self.parts().saturating_sub(1));
        self.position.at = self.position.at.min(self.steps() as f32);
    }

    /// Time passes.
    pub fn advance(&mut self, secs: f32) {
        if let Some(pen) = self.pen_mut() {
            pen.advance(secs);
            return;
        }
        let (steps, parts) = (self.steps(), self.parts());
        self.position.advance(secs, steps, parts, self.adding);
    }
}

/// What moves a pen where a page has one.
fn moves(action: &DenoiseAction) -> bool {
    use DenoiseAction::{Noise, Pen, Play, StepNoise, StepStroke};
    matches!(action, Play | StepNoise(_) | StepStroke(_) | Noise(_) | Pen(_))
}

/// The keys and signs that move noise move a pen alike: a point for a step.
fn move_pen(pen: &mut Playback, action: &DenoiseAction) {
    match action {
        DenoiseAction::Play => pen.toggle(),
        DenoiseAction::StepNoise(forward) => pen.step_point(*forward),
        DenoiseAction::StepStroke(forward) => pen.step_stroke(*forward),
        DenoiseAction::Noise(at) => pen.seek(if *at > 0.0 { f32::INFINITY } else { 0.0 }),
        DenoiseAction::Pen(secs) => pen.seek(*secs),
        _ => {}
    }
}
