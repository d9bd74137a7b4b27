//! The lesson's pages, as data: what is said, what is asked of the class, what is set on entering, what can be turned.

use super::Source;
use crate::studio::action::DenoiseAction;

/// What a page lets people turn, or shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The drawing under its pen, with the bar of its time.
    Pen,
    /// The drawing's strokes, to choose one.
    Strip,
    /// The bar from noise to line.
    Levels,
    /// Noisy and predicted line, small.
    Panes,
    /// Where the next step leads.
    Arrows,
    /// What is attended to.
    Attention,
    /// Other ways on.
    Others,
    /// The probability of stopping after each stroke.
    Stops,
    /// Where to go from here.
    Onwards,
}

/// A formula that a page may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// The noisy line.
    Noise,
    /// The guess behind it, of a model that draws stroke by stroke.
    Guess,
    /// The same, of one that draws all at once.
    WholeGuess,
    /// The step.
    Step,
    /// The share of signal.
    Signal,
    /// Signal over noise.
    Ratio,
    /// The noise levels of all steps, as Karras spaces them.
    Karras,
    /// The same along the cosine schedule.
    Cosine,
    /// The same along the linear schedule.
    Linear,
    /// Guidance by history and category.
    Guidance,
    /// Guidance by category.
    CategoryGuidance,
    /// What earlier strokes count for.
    Attention,
    /// A drawing as a row of strokes.
    History,
    /// The end.
    Stop,
}

/// Which stroke a page begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// The first one.
    First,
    /// One with strokes before and, if there are so many, behind it.
    Middle,
    /// The last one.
    Last,
}

/// What a page sets on entering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// Add noise to this; `None`: the model's own way.
    pub add: Option<Source>,
    /// Where it begins.
    pub stroke: Begin,
    /// At the line, or in pure noise.
    pub line: bool,
    /// It plays at once.
    pub plays: bool,
    /// 1 is normal.
    pub speed: f32,
    /// Show attention.
    pub attention: bool,
    /// Show the next step.
    pub arrows: bool,
    /// Stay with one stroke.
    pub repeat: bool,
    /// Ask for other ways on.
    pub others: bool,
}

impl Scene {
    /// The model's own way, held in the noise of the first stroke.
    const PLAIN: Self = Self {
        add: None,
        stroke: Begin::First,
        line: false,
        plays: false,
        speed: 1.0,
        attention: false,
        arrows: false,
        repeat: false,
        others: false,
    };

    /// What sets its switches, where they differ from those that are so: attention, arrows, repeat.
    pub(super) fn switches(&self, now: [bool; 3]) -> impl Iterator<Item = DenoiseAction> + use<> {
        let all = [
            (self.attention, now[0], DenoiseAction::Attention),
            (self.arrows, now[1], DenoiseAction::Arrows),
            (self.repeat, now[2], DenoiseAction::Repeat),
        ];
        all.into_iter().filter(|(wanted, now, _)| wanted != now).map(|(_, _, action)| action)
    }

    /// What goes to its place in a drawing of so many parts.
    pub(super) fn place(&self, parts: usize) -> [DenoiseAction; 2] {
        let part = match self.stroke {
            Begin::First => 0,
            Begin::Middle => parts / 2,
            Begin::Last => parts.saturating_sub(1),
        };
        [DenoiseAction::Stroke(part), DenoiseAction::Noise(if self.line { f32::INFINITY } else { 0.0 })]
    }
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// What it is about.
    pub title: &'static str,
    /// To be read out.
    pub sentences: &'static [&'static str],
    /// To the class.
    pub question: &'static str,
    /// The controls that it needs.
    pub controls: &'static [Control],
    /// What stands behind "In formulas".
    pub formulas: &'static [Formula],
    /// What it sets.
    pub scene: Scene,
}

impl Page {
    /// Whether it needs this control.
    pub fn has(&self, control: Control) -> bool {
        self.controls.contains(&control)
    }
}

/// Said on the first pages where no drawings by people are on the disk.
pub const NOT_BY_A_PERSON: &str = "There are no drawings of this category by people on this machine, so this one is the model's.";

/// All pages.
pub static PAGES: [Page; 6] = [
    Page {
        title: "A real drawing",
        sentences: &[
            "A drawing is not made all at once: it is a row of strokes, one after another.",
            "Each stroke is a line from where the pen touches the paper to where it is lifted.",
            "A model that draws like a person has to learn this order as well.",
        ],
        question: "Hold it in the middle: what will be drawn next, and how do you know?",
        controls: &[Control::Pen],
        formulas: &[Formula::History],
        scene: Scene { add: Some(Source::Real), line: true, plays: true, ..Scene::PLAIN },
    },
    Page {
        title: "Adding noise",
        sentences: &[
            "We spoil one stroke on purpose: a little noise is added to its numbers, then more and more.",
            "At the end nothing of the line is left. Training shows the model strokes at every level in between.",
            "Its one task is to say which clean line is behind the noise.",
        ],
        question: "At which level can you no longer tell what the line was?",
        controls: &[Control::Strip, Control::Levels],
        formulas: &[Formula::Noise, Formula::Signal],
        scene: Scene { add: Some(Source::Real), line: true, ..Scene::PLAIN },
    },
    Page {
        title: "Taking noise from one stroke",
        sentences: &[
            "Now the model goes the other way. It begins with nothing but random numbers.",
            "At every step it guesses the clean line and moves a part of the way towards its guess.",
            "The first guesses are vague, a mean of everything possible; the later ones are sharp.",
        ],
        question: "When does the guess stop changing? Scrub back and forth to find the step.",
        controls: &[Control::Strip, Control::Levels, Control::Panes, Control::Arrows],
        formulas: &[Formula::Noise, Formula::Guess, Formula::Step],
        scene: Scene { arrows: true, ..Scene::PLAIN },
    },
    Page {
        title: "What came before",
        sentences: &[
            "Before each stroke the model looks at the strokes so far. The stronger its ink, the more the model attends to it.",
            "The strokes before only say what is likely. Noise decides which of the likely strokes comes.",
            "The small drawings begin with the same strokes and go on from other noise.",
        ],
        question: "What do the other drawings have in common, and where do they part?",
        controls: &[Control::Strip, Control::Levels, Control::Attention, Control::Others],
        formulas: &[Formula::Guess, Formula::History],
        scene: Scene { stroke: Begin::Middle, line: true, attention: true, others: true, ..Scene::PLAIN },
    },
    Page {
        title: "When to stop",
        sentences: &[
            "After every stroke the model says how likely it is that the drawing is finished.",
            "Then dice are thrown: at 30 % the drawing ends here in three cases out of ten.",
            "So drawings of one category can have few strokes or many.",
        ],
        question: "After which stroke would you have stopped? Does the model agree?",
        controls: &[Control::Strip, Control::Stops],
        formulas: &[Formula::Stop],
        scene: Scene { stroke: Begin::Last, line: true, ..Scene::PLAIN },
    },
    Page {
        title: "A whole drawing",
        sentences: &[
            "Stroke after stroke comes out of noise, each with all the strokes before it in view, until the dice say stop.",
            "That is all: add noise to learn, take noise away to draw.",
        ],
        question: "What would change if the model had only ever seen drawings by one person?",
        controls: &[Control::Strip, Control::Levels, Control::Onwards],
        formulas: &[Formula::History, Formula::Guess, Formula::Stop],
        scene: Scene { plays: true, speed: 3.0, ..Scene::PLAIN },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_short_and_whole() {
        for page in &PAGES {
            assert!((2..=3).contains(&page.sentences.len()), "{}", page.title);
            assert!(page.question.contains('?'), "{}", page.title);
            assert!(!page.controls.is_empty() && !page.formulas.is_empty(), "{}", page.title);
            assert!(page.sentences.iter().all(|sentence| sentence.ends_with('.') && sentence.len() < 140), "{}", page.title);
        }
        let titles: std::collections::BTreeSet<_> = PAGES.iter().map(|page| page.title).collect();
        assert_eq!(titles.len(), PAGES.len());
    }

    #[test]
    fn only_what_differs_is_switched() {
        let scene = Scene { attention: true, ..Scene::PLAIN };
        let asked: Vec<_> = scene.switches([true, true, false]).collect();
        assert_eq!(asked, [DenoiseAction::Arrows]);
    }

    #[test]
    fn a_place_is_within_the_drawing() {
        for parts in 0..5 {
            for stroke in [Begin::First, Begin::Middle, Begin::Last] {
                let [DenoiseAction::Stroke(part), _] = (Scene { stroke, ..Scene::PLAIN }).place(parts) else { panic!("a stroke first") };
                assert!(part < parts.max(1), "{stroke:?} of {parts}");
            }
        }
    }
}
