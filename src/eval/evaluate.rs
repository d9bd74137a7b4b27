//! An evaluation from the real drawings to the scores; whoever calls it lets the model draw.

use rayon::ThreadPool;

use super::coverage::{nearest, nearest_other};
use super::extractor::{Extractor, extract};
use super::pair::{Figure, Side, ranks, score};
use super::reference::{FeatureCache, Key, Part};
use super::scores::{Basis, COPYING, DataFacts, Origin, Scores, Versus};
use super::sets::Sets;
use super::summary::{Strokes, characteristics, summarised};
use super::{Against, Features, Protocol, ScoreKind, Stage};
use crate::config::own;
use crate::raster::check;
use crate::sketch::Sketch;
use crate::util::digest::sha256_of_numbers;
use crate::util::number::{noun, plain};
use crate::util::{Cancel, Error, Result};

/// A distance between clouds needs two of each.
pub const DRAWINGS_MIN: usize = 2;

/// What decides the scores of a subject beside its drawings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How to score.
    pub protocol: Protocol,
    /// Decides the floor and all resampling.
    pub seed: u64,
    /// One a repetition; a single `None` for drawings that were made elsewhere.
    pub seeds: Vec<Option<u64>>,
    /// Look for copies among all training drawings.
    pub copying: bool,
}

/// Who wants to know how far an evaluation is.
pub trait Watch: Sync {
    /// This begins now.
    fn stage(&self, stage: Stage);
    /// So many of so many drawings of the stage are done.
    fn progress(&self, done: usize, total: usize);
    /// A person should know this.
    fn message(&self, text: String);
}

/// What an evaluation works with.
pub struct Means<'a> {
    /// What looks at the drawings.
    pub extractor: &'a dyn Extractor,
    /// Where features of real drawings are kept.
    pub cache: &'a FeatureCache,
    /// What computes.
    pub pool: &'a ThreadPool,
    /// Who is told.
    pub watch: &'a dyn Watch,
    /// Looked at between all pieces of work.
    pub cancel: &'a Cancel,
}

/// Scores, and the first seed's drawings.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The scores.
    pub scores: Scores,
    /// The drawings of the first seed, in their order.
    pub generated: Vec<Sketch>,
}

/// Scores drawings of `sets`' category. `draw` gives the drawings of a seed, in the data frame; it reports its own progress.
///
/// # Errors
/// Fewer than two drawings on a side; drawings that cannot be rendered; cancelled; whatever `draw` fails with.
pub fn evaluate(
    sets: &Sets,
    origin: Origin,
    plan: &Plan,
    means: &Means<'_>,
    draw: &mut dyn FnMut(Option<u64>) -> Result<Vec<Sketch>>,
) -> Result<Scored> {
    let Means { cancel, watch, .. } = means;
    enough(sets.as_given.len(), "the test list")?;
    let real = Real::look(sets, plan, means)?;
    watch.stage(Stage::Floor);
    let mut lists = Vec::new();
    for list in &real.lists {
        let scored = real.floor.as_ref().map(|side| means.pool.install(|| score(&list.side, side, plan.seed, cancel))).transpose()?;
        lists.push(Results { floor: scored, seeds: Vec::new() });
    }
    let (mut shown, mut strokes, mut counts) = (None, Vec::new(), Vec::new());
    for &seed in &plan.seeds {
        cancel.check()?;
        watch.stage(Stage::Drawing(seed));
        let drawn = draw(seed)?;
        cancel.check()?;
        enough(drawn.len(), "the drawings to score")?;
        drawn.iter().try_for_each(check)?;
        watch.stage(Stage::GeneratedFeatures(seed));
        let features = means.look(&drawn)?;
        watch.stage(Stage::Scoring(seed));
        let side = means.side(features, real.class, real.training.as_ref())?;
        for (list, results) in real.lists.iter().zip(&mut lists) {
            results.seeds.push(means.pool.install(|| score(&list.side, &side, plan.seed, cancel))?);
        }
        strokes.push(Strokes::of(&drawn));
        counts.push(drawn.len());
        shown.get_or_insert(drawn);
    }
    let generated = counts.first().copied().unwrap_or(0);
    if let Some(other) = counts.iter().find(|&&count| count != generated) {
        return Err(Error::new(format!("the repetitions have {generated} and {other} drawings, so their scores cannot be taken together")));
    }
    let versus = |list: &List, results: Results| -> Result<Versus> {
        cancel.check()?;
        Ok(Versus {
            against: list.against,
            real: list.side.features.count(),
            floor: sets.floor.len(),
            scores: summarised(&list.side, generated, sets.floor.len(), &plan.seeds, results.floor, &results.seeds),
            characteristics: means.pool.install(|| characteristics(&list.strokes, &strokes, real.floor_strokes.as_ref()))?,
        })
    };
    let mut all = real.lists.iter().zip(lists).map(|(list, results)| versus(list, results)).collect::<Result<Vec<_>>>()?.into_iter();
    let as_given = all.next().ok_or_else(|| Error::new("nothing was scored"))?;
    let (format, version) = Scores::format();
    let mut scores = Scores {
        format,
        version,
        program: env!("CARGO_PKG_VERSION").into(),
        category: sets.divided.category.clone(),
        origin,
        basis: means.basis(plan.protocol),
        data: facts(sets, plan.copying),
        generated,
        seeds: plan.seeds.iter().copied().flatten().collect(),
        seed: plan.seed,
        as_given,
        without_shared: all.next(),
        notes: Vec::new(),
    };
    scores.notes = notes(&scores, sets);
    Ok(Scored { scores, generated: shown.unwrap_or_default() })
}

fn enough(count: usize, what: &str) -> Result<()> {
    if count >= DRAWINGS_MIN {
        return Ok(());
    }
    let there = if count == 1 { "is 1" } else { "are none" };
    Err(Error::usage(format!("scores need at least {DRAWINGS_MIN} drawings on each side; of {what} there {there}"))
        .advise("A few hundred on each side make scores that mean something."))
}

impl Means<'_> {
    fn basis(&self, protocol: Protocol) -> Basis {
        let eye = self.extractor;
        Basis { protocol, extractor: eye.id().clone(), width: eye.width(), renderer: eye.renderer().id() }
    }

    /// Features of drawings that are new.
    fn look(&self, sketches: &[Sketch]) -> Result<Features> {
        let counter = Counter::new(sketches.len(), self.watch);
        self.pool.install(|| extract(self.extractor, sketches, self.cancel, &|done| counter.more(done)))
    }

    /// Features of real drawings, by way of the cache.
    fn recall(&self, sets: &Sets, part: Part, numbers: &[usize]) -> Result<Features> {
        let divided = &sets.divided;
        let key = Key::new(&divided.category, &divided.source_sha256, part, &sets.lines(numbers), self.extractor);
        let counter = Counter::new(numbers.len(), self.watch);
        let done = |done| counter.more(done);
        let found = self.pool.install(|| self.cache.features(&key, self.extractor, || sets.sketches(numbers), self.cancel, &done));
        let (features, note) = found?;
        note.into_iter().for_each(|note| self.watch.message(note));
        Ok(features)
    }

    /// A side of drawings that were not trained on, as far as is known.
    fn side(&self, features: Features, class: Option<usize>, training: Option<&Features>) -> Result<Side> {
        self.pool.install(|| {
            let ranks = class.and_then(|class| ranks(self.extractor, class, &features));
            self.cancel.check()?;
            let near = training.map(|training| nearest(&features, training)).transpose()?;
            Side::new(features, ranks, near, self.cancel)
        })
    }
}

/// Everything real.
struct Real {
    /// The category among the extractor's classes, if it is a classifier that knows it.
    class: Option<usize>,
    /// Features of all training drawings, where copies are looked for.
    training: Option<Features>,
    lists: Vec<List>,
    /// `None` where fewer than two training drawings are left for it.
    floor: Option<Side>,
    floor_strokes: Option<Strokes>,
}

/// One list of real drawings.
struct List {
    against: Against,
    side: Side,
    strokes: Strokes,
}

/// The figures of one list, of the floor and of every seed.
struct Results {
    floor: Option<Figures>,
    seeds: Vec<Figures>,
}

/// One figure of every kind, or why it is absent.
pub(super) type Figures = Vec<(ScoreKind, std::result::Result<Figure, String>)>;

impl Real {
    fn look(sets: &Sets, plan: &Plan, means: &Means<'_>) -> Result<Self> {
        let classes = means.extractor.classifier().map(|classifier| classifier.classes());
        let class = classes.and_then(|classes| classes.iter().position(|name| *name == own::bare(&sets.divided.category)));
        means.watch.stage(Stage::TestFeatures);
        let test = means.recall(sets, Part::Test, &sets.test)?;
        means.watch.stage(Stage::TrainingFeatures);
        let has_floor = sets.floor.len() >= DRAWINGS_MIN;
        let (training, floor) = match (plan.copying, has_floor) {
            (true, _) => {
                let all = means.recall(sets, Part::Train, &sets.train)?;
                let floor = if has_floor { Some(rows(&all, &sets.floor)?) } else { None };
                (Some(all), floor)
            }
            (false, true) => (None, Some(means.recall(sets, Part::Train, &sets.floor_numbers())?)),
            (false, false) => (None, None),
        };
        let strokes = |rows: &[usize]| Strokes::of(&sets.sketches(&rows.iter().map(|&row| sets.test[row]).collect::<Vec<_>>()));
        let mut lists = Vec::new();
        let named = [(Against::AsGiven, Some(&sets.as_given)), (Against::WithoutShared, sets.without_shared.as_ref())];
        for (against, chosen) in named.into_iter().filter_map(|(against, chosen)| Some((against, chosen?))) {
            if chosen.len() < DRAWINGS_MIN {
                means.watch.message(format!("{} holds too few drawings to be scored", against.words()));
                continue;
            }
            let side = means.side(rows(&test, chosen)?, class, training.as_ref())?;
            lists.push(List { against, side, strokes: strokes(chosen) });
        }
        let floor_strokes = floor.as_ref().map(|_| Strokes::of(&sets.sketches(&sets.floor_numbers())));
        let floor = floor.map(|features| {
            means.pool.install(|| {
                let ranks = class.and_then(|class| ranks(means.extractor, class, &features));
                let near = training.as_ref().map(|training| nearest_other(training, &sets.floor));
                Side::new(features, ranks, near, means.cancel)
            })
        });
        Ok(Self { class, training, lists, floor: floor.transpose()?, floor_strokes })
    }
}

fn rows(features: &Features, chosen: &[usize]) -> Result<Features> {
    Features::new(features.select(chosen), features.width())
}

fn facts(sets: &Sets, copying: bool) -> DataFacts {
    let lists = &sets.divided.split;
    let lengths = [lists.train.len() as u64, lists.test.len() as u64];
    DataFacts {
        sha256: sets.divided.source_sha256.clone(),
        split_sha256: sha256_of_numbers(lengths.into_iter().chain(lists.train.iter().copied()).chain(lists.test.iter().copied())),
        procedural: sets.divided.procedural,
        audit: sets.divided.audit,
        neighbours: if copying { sets.train.len() } else { 0 },
    }
}

/// What a person should know of these scores.
fn notes(scores: &Scores, sets: &Sets) -> Vec<String> {
    let mut notes = Vec::new();
    let (generated, floor) = (scores.generated, sets.floor.len());
    if scores.data.procedural {
        notes.push("the real drawings are procedural: made up by a program, not drawn by people".into());
    }
    if floor < DRAWINGS_MIN {
        notes.push("there is no floor: no two training drawings are left that are not in the test list too".into());
    } else if floor < generated {
        notes.push(format!(
            "the floor rests on {floor} training drawings, as there are no more, but the scores on {generated}: FID falls with the number, so its floor is too high"
        ));
    }
    let audit = &scores.data.audit;
    if audit.shared > 0 {
        let indices = plain(audit.shared, "index is", "indices are");
        let them = noun(audit.shared, "it", "them");
        notes.push(format!("{indices} in both lists of the split: scores without {them} are given too"));
    }
    if audit.repeated_in_test > 0 {
        let entries = plain(audit.repeated_in_test, "entry; it is", "entries; they are");
        notes.push(format!("the test list repeats {entries} used as given"));
    }
    if scores.as_given.score(ScoreKind::Fid).is_some_and(|score| score.rank_deficient) {
        notes.push(format!(
            "FID rests on fewer drawings than there are features ({}): its size depends on the numbers most of all, so look at how far it is above the floor, and at KID",
            scores.basis.width
        ));
    }
    if scores.seeds.is_empty() {
        notes.push("the drawings were made elsewhere: no seed is known, and there is nothing to average over".into());
    }
    if scores.copies() == Some(true) {
        notes.push(format!(
            "the model copies: its drawings lie less than {COPYING} times as far from training drawings as real test drawings do"
        ));
    }
    if let Some(shares) = scores.near_copies() {
        let [near, natural] = shares.map(|share| (share * 100.0).round());
        notes.push(format!(
            "{near} drawings in a hundred are near copies of training drawings, {natural} would be by chance: some may be drawn from memory"
        ));
    }
    notes
}

/// Counts finished drawings from any thread.
struct Counter<'a> {
    done: std::sync::atomic::AtomicUsize,
    total: usize,
    watch: &'a dyn Watch,
}

impl<'a> Counter<'a> {
    fn new(total: usize, watch: &'a dyn Watch) -> Self {
        Self { done: 0.into(), total, watch }
    }

    fn more(&self, done: usize) {
        let before = self.done.fetch_add(done, std::sync::atomic::Ordering::Relaxed);
        self.watch.progress(before + done, self.total);
    }
}
