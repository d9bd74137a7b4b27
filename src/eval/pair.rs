//! Two sets of drawings, scored: real against generated, or real against the floor. One and the same code.

use rayon::prelude::*;

use super::coverage::{Coverage, Membership, NEAREST, NEAREST_IMPROVED, median, membership, radii};
use super::explain::{SCORES, ScoreKind};
use super::extractor::Extractor;
use super::features::Features;
use super::frechet::Factored;
use super::grams::{self, Gram};
use super::kernel::{SUBSET, SUBSETS};
use super::resample::{RESAMPLES, Weights, interval, resample, weighted_mean, weighted_quantile};
use super::scores::tidy;
use super::{kernel, spread};
use crate::util::{Cancel, Error, Kind, Result};

/// A set of drawings, and what need be found out only once, whomever it is compared with.
pub(super) struct Side {
    pub features: Features,
    /// For every row, how many classes are more likely than its category; `None` without a classifier that knows it.
    pub ranks: Option<Vec<usize>>,
    /// For every row, the distance to its nearest training drawing; `None` where it was not looked for.
    pub nearest: Option<Vec<f64>>,
    gaussian: Found<Factored>,
    radii: [Found<Vec<f64>>; 2],
    gram: Option<Gram>,
}

/// What was found, or why it was not, in words.
type Found<T> = std::result::Result<T, String>;

/// One score of a pair.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
    pub deviation: Option<f64>,
    pub rank_deficient: bool,
    pub no_interval: Option<String>,
}

/// Cancelling goes on; everything else is a reason.
fn found<T>(result: Result<T>) -> Result<Found<T>> {
    match result {
        Err(error) if error.kind() == Kind::Cancelled => Err(error),
        // One line: where and what to do next are about the set, and said elsewhere.
        Err(error) => Ok(Err(error.to_string().lines().next().unwrap_or_default().to_owned())),
        Ok(value) => Ok(Ok(value)),
    }
}

impl Side {
    /// Of at least one drawing.
    pub(super) fn new(features: Features, ranks: Option<Vec<usize>>, nearest: Option<Vec<f64>>, cancel: &Cancel) -> Result<Self> {
        cancel.check()?;
        let gaussian = found(Factored::fit(&features))?;
        cancel.check()?;
        let both = found(radii(&features, &[NEAREST, NEAREST_IMPROVED]))?;
        let radii = match both {
            Ok(both) => match <[Vec<f64>; 2]>::try_from(both) {
                Ok(both) => both.map(Ok),
                Err(_) => return Err(Error::new("a manifold has other than two radii")),
            },
            Err(why) => [Err(why), found(radii(&features, &[NEAREST_IMPROVED]))?.map(|mut one| one.swap_remove(0))],
        };
        let n = features.count();
        let gram = if grams::fit(n, n) { Some(Gram::new(&features, &features, cancel)?) } else { None };
        Ok(Self { features, ranks, nearest, gaussian, radii, gram })
    }

    /// The same figure of this side alone, for kinds that have one.
    pub(super) fn own(&self, kind: ScoreKind) -> Option<f64> {
        match kind {
            ScoreKind::Top1 => self.ranks.as_ref().map(|ranks| mean(&hits(ranks, 1))),
            ScoreKind::Top5 => self.ranks.as_ref().map(|ranks| mean(&hits(ranks, 5))),
            ScoreKind::Nearest => self.nearest.as_ref().map(|nearest| median(nearest)),
            ScoreKind::NearCopies => self.nearest.as_ref().map(|nearest| share_within(nearest, nearest)),
            _ => None,
        }
        .map(tidy)
    }
}

/// For every row, how many classes are more likely than `class`; `None` if the extractor is no classifier.
pub(super) fn ranks(extractor: &dyn Extractor, class: usize, features: &Features) -> Option<Vec<usize>> {
    let rows: Vec<&[f64]> = features.rows().collect();
    let rank = |row: &&[f64]| {
        let logits = extractor.classifier()?.logits(row);
        let own = logits.get(class).copied()?;
        // Of equals the first is guessed first.
        Some(logits.iter().enumerate().filter(|&(i, logit)| *logit > own || (*logit == own && i < class)).count())
    };
    rows.par_iter().map(rank).collect()
}

fn hits(ranks: &[usize], within: usize) -> Vec<f64> {
    shares(ranks, |&rank| rank < within)
}

/// 1 for every row that it holds of, else 0: their mean is a share.
fn shares<T>(rows: &[T], holds: impl Fn(&T) -> bool) -> Vec<f64> {
    rows.iter().map(|row| f64::from(u8::from(holds(row)))).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The scores of two sets of features alone, in the order of the table; a kind that is absent is left out.
///
/// # Errors
/// Cancelled; unequal widths.
pub fn score_features(real: &Features, generated: &Features, seed: u64, cancel: &Cancel) -> Result<Vec<(ScoreKind, f64)>> {
    real.check_comparable(generated)?;
    let side = |features: &Features| Side::new(features.clone(), None, None, cancel);
    let all = score(&side(real)?, &side(generated)?, seed, cancel)?;
    Ok(all.into_iter().filter_map(|(kind, figure)| Some((kind, figure.ok()?.value))).collect())
}

/// Every kind of score of `generated` against `real`, in the order of the table, or why it is absent.
pub(super) fn score(real: &Side, generated: &Side, seed: u64, cancel: &Cancel) -> Result<Vec<(ScoreKind, Found<Figure>)>> {
    let counts = [real.features.count(), generated.features.count()];
    let drawn: Vec<[Weights; 2]> = (0..RESAMPLES).map(|index| resample(seed, index, counts)).collect();
    let pair = Pair { real, generated, drawn, seed, cancel };
    let kid = pair.kid()?;
    let near = pair.membership(0, NEAREST);
    cancel.check()?;
    let improved = pair.membership(1, NEAREST_IMPROVED);
    let one = |kind: ScoreKind| {
        cancel.check()?;
        let figure = match kind {
            ScoreKind::Fid => pair.fid()?,
            ScoreKind::FidInfinite => pair.fid_infinite()?,
            ScoreKind::Kid => kid.clone().map(|(mean, _)| mean),
            ScoreKind::KidWhole => kid.clone().map(|(_, whole)| whole),
            ScoreKind::Precision => near.clone().map(|(of, them)| pair.precision(&them, of)),
            ScoreKind::Recall => near.clone().map(|(of, them)| pair.recall(&them, of)),
            ScoreKind::Density => near.clone().map(|(of, them)| pair.density(&them, of)),
            ScoreKind::Coverage => near.clone().map(|(of, them)| pair.covered(&them, of)),
            ScoreKind::ImprovedPrecision => improved.clone().map(|(of, them)| pair.precision(&them, of)),
            ScoreKind::ImprovedRecall => improved.clone().map(|(of, them)| pair.recall(&them, of)),
            ScoreKind::Top1 => pair.recognised(1),
            ScoreKind::Top5 => pair.recognised(5),
            ScoreKind::Nearest => pair.nearest(),
            ScoreKind::Copying => pair.copying(),
            ScoreKind::NearCopies => pair.near_copies(),
        };
        let figure = figure.and_then(|figure| {
            let interval = figure.interval.map(|ends| ends.map(tidy));
            let tidied = Figure { value: tidy(figure.value), interval, deviation: figure.deviation.map(tidy), ..figure };
            if tidied.value.is_finite() { Ok(tidied) } else { Err("it came out as no number".to_owned()) }
        });
        Ok((kind, figure))
    };
    SCORES.iter().map(|row| one(row.kind)).collect()
}

struct Pair<'a> {
    real: &'a Side,
    generated: &'a Side,
    drawn: Vec<[Weights; 2]>,
    seed: u64,
    cancel: &'a Cancel,
}

impl Pair<'_> {
    /// With the interval that `of_resample` gives.
    fn figure(&self, value: f64, of_resample: impl Fn(&[Weights; 2]) -> f64) -> Figure {
        let interval = interval(self.drawn.iter().map(of_resample).collect());
        Figure { value, interval, deviation: None, rank_deficient: false, no_interval: None }
    }

    fn fid(&self) -> Result<Found<Figure>> {
        let (a, b) = match (&self.real.gaussian, &self.generated.gaussian) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(why), _) | (_, Err(why)) => return Ok(Err(why.clone())),
        };
        let distance = match found(a.distance(b))? {
            Ok(distance) => distance,
            Err(why) => return Ok(Err(why)),
        };
        let (x, y, value) = (&self.real.features, &self.generated.features, distance.distance);
        let no_interval = spread::no_interval(x, y);
        let interval = if no_interval.is_some() { None } else { spread::frechet_interval(x, y, value, self.seed, self.cancel)? };
        Ok(Ok(Figure { value, interval, deviation: None, rank_deficient: distance.rank_deficient, no_interval }))
    }

    fn fid_infinite(&self) -> Result<Found<Figure>> {
        let (x, y) = (&self.real.features, &self.generated.features);
        if let Some(why) = spread::no_extrapolation(x, y) {
            return Ok(Err(why));
        }
        let no_interval = Some("it is read off a line through other scores".to_owned());
        let value = spread::extrapolated(x, y, self.seed, self.cancel)?;
        Ok(Ok(Figure { value, interval: None, deviation: None, rank_deficient: false, no_interval }))
    }

    /// The mean over subsets, and the estimate from all rows.
    fn kid(&self) -> Result<Found<(Figure, Figure)>> {
        let (x, y) = (&self.real.features, &self.generated.features);
        let figure = |value, deviation, interval, no_interval| Figure { value, interval, deviation, rank_deficient: false, no_interval };
        if let (Some(xx), Some(yy)) = (&self.real.gram, &self.generated.gram)
            && grams::fit(x.count(), y.count())
        {
            let xy = Gram::new(x, y, self.cancel)?;
            return Ok(found(grams::kid(xx, yy, &xy, SUBSETS, SUBSET, self.seed, self.cancel))?.map(|found| {
                let mean = figure(found.kid.mean, Some(found.kid.deviation), found.mean_interval, None);
                (mean, figure(found.kid.whole, None, found.whole_interval, None))
            }));
        }
        let why = Some(format!("the kernel of {} and {} drawings does not fit into memory", x.count(), y.count()));
        Ok(found(kernel::kid(x, y, SUBSETS, SUBSET, self.seed))?
            .map(|kid| (figure(kid.mean, Some(kid.deviation), None, why.clone()), figure(kid.whole, None, None, why))))
    }

    /// Who lies among whom, with balls that reach the `k`-th neighbour.
    fn membership(&self, place: usize, k: usize) -> Found<(Coverage, Membership)> {
        let (a, b) = (self.real.radii[place].as_ref()?, self.generated.radii[place].as_ref()?);
        let them = membership((&self.real.features, a), (&self.generated.features, b));
        Ok((them.coverage(k), them))
    }

    fn precision(&self, them: &Membership, of: Coverage) -> Figure {
        let within = shares(&them.balls, |&balls| balls > 0);
        self.figure(of.precision, |drawn| weighted_mean(&within, &drawn[1]))
    }

    fn density(&self, them: &Membership, of: Coverage) -> Figure {
        let balls: Vec<f64> = them.balls.iter().map(|&balls| f64::from(balls) / NEAREST as f64).collect();
        self.figure(of.density, |drawn| weighted_mean(&balls, &drawn[1]))
    }

    fn recall(&self, them: &Membership, of: Coverage) -> Figure {
        let within = shares(&them.recalled, |&is| is);
        self.figure(of.recall, |drawn| weighted_mean(&within, &drawn[0]))
    }

    fn covered(&self, them: &Membership, of: Coverage) -> Figure {
        let within = shares(&them.covered, |&is| is);
        self.figure(of.coverage, |drawn| weighted_mean(&within, &drawn[0]))
    }

    fn recognised(&self, within: usize) -> Found<Figure> {
        let why = "this extractor is no classifier, or does not know the category";
        let hits = hits(self.generated.ranks.as_ref().ok_or(why)?, within);
        Ok(self.figure(mean(&hits), |drawn| weighted_mean(&hits, &drawn[1])))
    }

    fn nearest(&self) -> Found<Figure> {
        let distances = self.generated.nearest.as_ref().ok_or(NOT_LOOKED)?;
        let sorted = sorted(distances);
        Ok(self.figure(median(distances), |drawn| weighted_quantile(&sorted, &drawn[1], MEDIAN)))
    }

    fn copying(&self) -> Found<Figure> {
        let (real, generated) = (self.real.nearest.as_ref().ok_or(NOT_LOOKED)?, self.generated.nearest.as_ref().ok_or(NOT_LOOKED)?);
        let natural = median(real);
        if natural <= 0.0 {
            return Err("half of the test drawings look exactly like training drawings, so nothing can be told from their distance".into());
        }
        let sides = [sorted(real), sorted(generated)];
        let ratio = |drawn: &[Weights; 2]| {
            let below = weighted_quantile(&sides[0], &drawn[0], MEDIAN);
            // A resample that holds mostly shared drawings has no ratio; it is as good as the score.
            if below > 0.0 { weighted_quantile(&sides[1], &drawn[1], MEDIAN) / below } else { median(generated) / natural }
        };
        Ok(self.figure(median(generated) / natural, ratio))
    }

    fn near_copies(&self) -> Found<Figure> {
        let (real, generated) = (self.real.nearest.as_ref().ok_or(NOT_LOOKED)?, self.generated.nearest.as_ref().ok_or(NOT_LOOKED)?);
        let by_distance = sorted(real);
        let share = |drawn: &[Weights; 2]| {
            let reach = weighted_quantile(&by_distance, &drawn[0], NEAREST_PART);
            weighted_mean(&within(generated, reach), &drawn[1])
        };
        Ok(self.figure(share_within(real, generated), share))
    }
}

/// One in two.
const MEDIAN: u64 = 2;

/// A drawing as near to a training drawing as one in so many test drawings is nearly a copy.
const NEAREST_PART: u64 = 20;

/// The share of `generated` distances that are no longer than the shortest twentieth of the `real` ones.
fn share_within(real: &[f64], generated: &[f64]) -> f64 {
    let reach = weighted_quantile(&sorted(real), &vec![1; real.len()], NEAREST_PART);
    mean(&within(generated, reach))
}

/// 1 for every distance that is no longer than `reach`, else 0.
fn within(distances: &[f64], reach: f64) -> Vec<f64> {
    shares(distances, |&distance| distance <= reach)
}

/// Why there is nothing about copies.
const NOT_LOOKED: &str =
    "copies were not looked for: that needs the features of every training drawing, which takes long with this protocol";

/// Values with their rows, rising.
fn sorted(values: &[f64]) -> Vec<(f64, usize)> {
    let mut sorted: Vec<(f64, usize)> = values.iter().copied().enumerate().map(|(row, value)| (value, row)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted
}
