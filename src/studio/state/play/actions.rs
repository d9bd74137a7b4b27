//! What may be asked for in Play, and what comes of it.

use super::SPEEDS;
use crate::export::Look;
use crate::studio::action::PlayAction;
use crate::studio::engine::Job;
use crate::studio::playback::next_speed;
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::util::Reason;

impl State {
    pub(in crate::studio::state) fn main_play(&self) -> PlayAction {
        if self.play.is_drawing() { PlayAction::StopDrawing } else { PlayAction::Draw }
    }

    pub(in crate::studio::state) fn why_not_play(&self, action: &PlayAction) -> Option<String> {
        let drawing = || unless(self.play.current().is_some(), "There is no drawing yet.");
        match action {
            PlayAction::Draw => self.play.complaint(),
            PlayAction::StopDrawing => unless(self.play.is_drawing(), "Nothing is being drawn."),
            PlayAction::Meet => unless(!self.play.model.trim().is_empty(), "Choose a model first, or train one."),
            PlayAction::NextSeed => None,
            PlayAction::Select(index) | PlayAction::Alone(index) => {
                unless(*index < self.play.sketches().len(), "There is no such drawing.")
            }
            PlayAction::Colours | PlayAction::Loop | PlayAction::TypePath => None,
            PlayAction::Faster(faster) => unless(
                next_speed(SPEEDS.into_iter(), self.play.playback.speed, *faster).is_some(),
                if *faster { "It plays as fast as it can." } else { "It plays as slowly as it can." },
            ),
            PlayAction::AllAtOnce | PlayAction::Play | PlayAction::StepPoint(_) | PlayAction::StepStroke(_) | PlayAction::Seek(_) => {
                drawing()
            }
            PlayAction::ExportGif | PlayAction::ExportPicture | PlayAction::ExportTo(_) if self.export.writing.running => {
                Some("A file is being written.".into())
            }
            PlayAction::ExportTo(path) if path.as_os_str().is_empty() => {
                Some("Type a path that ends in .gif, .png, .svg or .ndjson.".into())
            }
            PlayAction::ExportGif | PlayAction::ExportPicture | PlayAction::ExportTo(_) => drawing(),
            PlayAction::UsualLook => unless(self.export.look != Look::default(), "It looks as usual."),
        }
    }

    pub(in crate::studio::state) fn act_play(&mut self, action: PlayAction) -> Vec<Effect> {
        match action {
            PlayAction::Draw => return self.play.draw(&self.options),
            PlayAction::StopDrawing => return vec![Effect::Stop(Job::Draw, Reason::Stopped)],
            PlayAction::Meet => return self.meet().into_iter().collect(),
            PlayAction::NextSeed => self.play.seed = self.play.seed.wrapping_add(1),
            PlayAction::Select(index) => {
                self.play.guesses.retry(index);
                self.play.select(index);
                return self.settle_play();
            }
            PlayAction::Alone(index) => {
                self.play.all = false;
                return self.act_play(PlayAction::Select(index));
            }
            PlayAction::AllAtOnce => {
                self.play.look_away();
                self.play.all = !self.play.all;
                self.play.lead();
                return self.settle_play();
            }
            PlayAction::Play => self.play.playback.toggle(),
            PlayAction::Colours => self.play.colours = !self.play.colours,
            PlayAction::Loop => self.play.playback.looping = !self.play.playback.looping,
            PlayAction::Faster(faster) => {
                self.play.playback.speed =
                    next_speed(SPEEDS.into_iter(), self.play.playback.speed, faster).unwrap_or(self.play.playback.speed);
            }
            PlayAction::TypePath => {
                self.workspace = Workspace::Play;
                self.export.typing = true;
            }
            PlayAction::StepPoint(forward) => self.play.playback.step_point(forward),
            PlayAction::StepStroke(forward) => self.play.playback.step_stroke(forward),
            PlayAction::Seek(secs) => self.play.playback.seek(secs),
            PlayAction::ExportGif => return vec![Effect::Ask(self.export.ask_gif(&self.play))],
            PlayAction::ExportPicture => return vec![Effect::Ask(self.export.ask_picture(&self.play))],
            PlayAction::UsualLook => self.export.look = Look::default(),
            PlayAction::ExportTo(path) => return self.export.write_shown(&self.play, path),
        }
        Vec::new()
    }
}
