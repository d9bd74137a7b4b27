//! The lesson as it goes: which page is open, and what was set before. Pages set the workspace by its own actions.

use super::lesson::{Control, PAGES, Page};
use super::{Denoise, NoiseWanted, Others, Phase, Position, Source};
use crate::session::Trace;
use crate::studio::action::DenoiseAction;
use crate::studio::playback::Playback;
use crate::studio::state::{Effect, State};

/// An open lesson.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Which page, from 0.
    pub page: usize,
    /// The pen of a page that shows a drawing under it.
    pub pen: Playback,
    /// The page shows its place; otherwise it waits for what it asked for.
    placed: bool,
    /// Reading the real drawings failed.
    no_real: bool,
    before: Box<Before>,
}

/// What was set before the lesson.
#[derive(Debug, Clone)]
struct Before {
    seed: u64,
    number: u64,
    adding: bool,
    source: Source,
    real: u64,
    attention: bool,
    arrows: bool,
    position: Position,
    others: Option<Others>,
    noised: Option<Trace>,
    noise_asked: Option<NoiseWanted>,
}

impl Lesson {
    /// What the page says.
    pub fn page(&self) -> &'static Page {
        &PAGES[self.page.min(PAGES.len() - 1)]
    }

    /// Another drawing came: go to the page's place in it.
    pub(super) fn misplace(&mut self) {
        self.placed = false;
    }

    /// The real drawings cannot be read: the model's serve as well.
    pub(super) fn without_real(&mut self) {
        (self.no_real, self.placed) = (true, false);
    }
}

/// What is a matter of taste, and stays from one day to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnLooks {
    /// Which drawing of the seed.
    pub number: u64,
    /// How fast it plays; 1 is normal.
    pub speed: f32,
    /// Attention is shown.
    pub attention: bool,
    /// The next step is shown.
    pub arrows: bool,
}

impl Denoise {
    /// The pen that is moved here instead of noise.
    pub fn pen(&self) -> Option<&Playback> {
        self.lesson.as_ref().filter(|lesson| lesson.page().has(Control::Pen)).map(|lesson| &lesson.pen)
    }

    pub(super) fn pen_mut(&mut self) -> Option<&mut Playback> {
        self.lesson.as_mut().filter(|lesson| lesson.page().has(Control::Pen)).map(|lesson| &mut lesson.pen)
    }

    /// Something is moving by itself.
    pub fn is_moving(&self) -> bool {
        self.pen().map_or(self.position.playing, |pen| pen.playing)
    }

    /// How the person in front of it had set it, whatever an open lesson shows.
    pub fn own_looks(&self) -> OwnLooks {
        match &self.lesson {
            None => OwnLooks { number: self.number, speed: self.position.speed, attention: self.attention, arrows: self.arrows },
            Some(Lesson { before, .. }) => {
                let Before { number, attention, arrows, position, .. } = &**before;
                OwnLooks { number: *number, speed: position.speed, attention: *attention, arrows: *arrows }
            }
        }
    }

    fn before_lesson(&self) -> Before {
        Before {
            seed: self.seed,
            number: self.number,
            adding: self.adding,
            source: self.source,
            real: self.real,
            attention: self.attention,
            arrows: self.arrows,
            position: self.position.held(),
            others: self.others.clone(),
            noised: self.noised.clone(),
            noise_asked: self.noise_asked.clone(),
        }
    }

    fn put_back(&mut self, before: Before) {
        (self.seed, self.number) = (before.seed, before.number);
        // Another model may have been chosen meanwhile.
        self.adding = before.adding && self.capabilities().forward;
        (self.source, self.real) = (before.source, before.real);
        (self.attention, self.arrows) = (before.attention, before.arrows);
        (self.position, self.others) = (before.position, before.others);
        // What is on its way belongs to the lesson: when it has come, the former one is asked for again.
        if self.noising != Phase::Running {
            (self.noised, self.noise_asked, self.noising) = (before.noised, before.noise_asked, Phase::Idle);
        }
        self.keep_in_range();
    }
}

impl State {
    pub(super) fn why_no_lesson(&self) -> Option<String> {
        let other = "The lesson needs a model that draws stroke by stroke by taking noise away. Choose another one above.";
        if self.play.model.trim().is_empty() {
            return Some("The lesson needs a model. Choose one first, or train one.".into());
        }
        let cannot = self.denoise.followed.is_some() && !self.denoise.capabilities().forward;
        (self.denoise.phase == Phase::Unable || self.denoise.is_whole() || cannot).then(|| other.to_owned())
    }

    /// Why a page cannot be turned.
    pub(super) fn why_no_page(&self, forward: bool) -> Option<String> {
        let last = PAGES.len() - 1;
        match self.denoise.lesson.as_ref().map(|lesson| lesson.page) {
            None => Some("Open the lesson first.".into()),
            Some(0) if !forward => Some("This is the first page.".into()),
            Some(page) if forward && page >= last => Some("This is the last page.".into()),
            Some(_) => None,
        }
    }

    pub(super) fn open_lesson(&mut self, open: bool) -> Vec<Effect> {
        match (open, self.denoise.lesson.take()) {
            (true, None) => {
                let before = Box::new(self.denoise.before_lesson());
                self.denoise.lesson = Some(Lesson { page: 0, pen: Playback::default(), placed: false, no_real: false, before });
                self.settle_lesson()
            }
            (true, lesson) => {
                self.denoise.lesson = lesson;
                Vec::new()
            }
            (false, Some(lesson)) => {
                self.denoise.put_back(*lesson.before);
                self.settle_denoise()
            }
            (false, None) => Vec::new(),
        }
    }

    pub(super) fn go_to_page(&mut self, page: usize) -> Vec<Effect> {
        let Some(lesson) = &mut self.denoise.lesson else { return Vec::new() };
        lesson.page = page.min(PAGES.len() - 1);
        lesson.placed = false;
        lesson.pen.playing = false;
        self.settle_lesson()
    }

    pub(super) fn turn_page(&mut self, forward: bool) -> Vec<Effect> {
        let page = self.denoise.lesson.as_ref().map_or(0, |lesson| lesson.page);
        self.go_to_page(if forward { page + 1 } else { page.saturating_sub(1) })
    }

    /// Whether a person drew what noise is added to here, as far as that is known.
    pub fn has_drawings_by_people(&self) -> bool {
        let category = self.denoise.followed.as_ref().map_or("", |followed| followed.traced.category.as_str());
        let read = self.denoise.lesson.as_ref().is_none_or(|lesson| !lesson.no_real);
        read && self.library.here().any(|info| info.name == category && !info.procedural)
    }

    /// Sets what the page wants, as far as it is there; once more when what it waits for has come.
    pub(super) fn settle_lesson(&mut self) -> Vec<Effect> {
        let Some(lesson) = self.denoise.lesson.as_ref().filter(|lesson| !lesson.placed) else { return Vec::new() };
        let scene = lesson.page().scene;
        if self.denoise.followed.is_none() {
            return self.settle_denoise();
        }
        let source = scene.add.map(|source| if self.has_drawings_by_people() { source } else { Source::Drawn });
        let mut wishes = Vec::new();
        if let Some(source) = source.filter(|source| *source != self.denoise.source) {
            wishes.push(DenoiseAction::Use(source));
        }
        // Where it is so already, this holds what plays.
        wishes.push(DenoiseAction::Add(source.is_some()));
        let denoise = &self.denoise;
        wishes.extend(scene.switches([denoise.attention, denoise.arrows, denoise.position.repeat]));
        let mut effects = self.act_all(wishes);
        if self.denoise.trace().is_none() || self.denoise.adding && self.denoise.noising == Phase::Running {
            return effects;
        }
        effects.extend(self.act_all(scene.place(self.denoise.parts())));
        self.denoise.position.speed = scene.speed;
        let whole = self.denoise.trace().map(|trace| trace.sketch.clone()).unwrap_or_default();
        if let Some(lesson) = &mut self.denoise.lesson {
            lesson.placed = true;
            lesson.pen.load(&whole);
            lesson.pen.playing = false;
            lesson.pen.looping = false;
        }
        if scene.plays && !self.denoise.is_moving() {
            effects.extend(self.act_all([DenoiseAction::Play]));
        }
        let here = self.denoise.before(self.denoise.position.part).len();
        let known = self.denoise.others.as_ref().is_some_and(|others| others.after == here);
        if scene.others && !known {
            effects.extend(self.act_all([DenoiseAction::Others]));
        }
        effects
    }

    fn act_all(&mut self, wishes: impl IntoIterator<Item = DenoiseAction>) -> Vec<Effect> {
        wishes.into_iter().flat_map(|wish| self.act(wish.into())).collect()
    }
}
