//! Figures of every seed and of the floor, taken together.

use rayon::prelude::*;

use super::characteristics::Characteristic;
use super::evaluate::Figures;
use super::explain::SCORES;
use super::histogram::histogram;
use super::pair::{Figure, Side};
use super::scores::{CharacteristicScore, Floor, Measured, Score, tidy};
use super::wasserstein::wasserstein;
use crate::sketch::Sketch;
use crate::util::Result;

/// One score of every kind.
pub(super) fn summarised(
    real: &Side,
    generated: usize,
    floor_count: usize,
    seeds: &[Option<u64>],
    floor: Option<Figures>,
    runs: &[Figures],
) -> Vec<Score> {
    let of = |figures: &Figures, place: usize| -> std::result::Result<Figure, String> {
        figures.get(place).map_or_else(|| Err("it was not computed".into()), |(_, figure)| figure.clone())
    };
    let one = |(place, row): (usize, &super::Explained)| {
        let found: std::result::Result<Vec<Figure>, String> = runs.iter().map(|figures| of(figures, place)).collect();
        let (figures, absent) = match found {
            Ok(figures) => (figures, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let measured = |(figure, seed): (&Figure, &Option<u64>)| Measured {
            seed: *seed,
            value: figure.value,
            interval: figure.interval,
            deviation: figure.deviation,
        };
        let values: Vec<f64> = figures.iter().map(|figure| figure.value).collect();
        let floor = floor.as_ref().and_then(|figures| of(figures, place).ok()).map(|figure| Floor {
            count: floor_count,
            value: figure.value,
            interval: figure.interval,
            deviation: figure.deviation,
        });
        Score {
            kind: row.kind,
            real: real.features.count(),
            generated,
            mean: mean(&values),
            spread: spread(&values),
            floor,
            of_real: real.own(row.kind),
            rank_deficient: figures.iter().any(|figure| figure.rank_deficient),
            absent,
            no_interval: figures.iter().find_map(|figure| figure.no_interval.clone()),
            runs: figures.iter().zip(seeds).map(measured).collect(),
        }
    };
    SCORES.iter().enumerate().map(one).collect()
}

/// The characteristics of some drawings.
#[derive(Debug, Clone)]
pub(super) struct Strokes(Vec<Vec<f64>>);

impl Strokes {
    pub(super) fn of(sketches: &[Sketch]) -> Self {
        Self(Characteristic::all().into_iter().map(|characteristic| characteristic.values(sketches)).collect())
    }
}

/// Every characteristic of the real drawings, of every seed's and of the floor's.
pub(super) fn characteristics(real: &Strokes, runs: &[Strokes], floor: Option<&Strokes>) -> Result<Vec<CharacteristicScore>> {
    let one = |(place, characteristic): (usize, Characteristic)| {
        let values = &real.0[place];
        let to_real = |other: &Vec<f64>| -> Result<Option<f64>> {
            if values.is_empty() || other.is_empty() { Ok(None) } else { wasserstein(values, other).map(tidy).map(Some) }
        };
        let distances = runs.iter().map(|run| to_real(&run.0[place])).collect::<Result<Vec<_>>>()?;
        let generated: Vec<f64> = runs.iter().flat_map(|run| &run.0[place]).copied().collect();
        let known: Option<Vec<f64>> = distances.iter().copied().collect();
        let known = known.unwrap_or_default();
        Ok(CharacteristicScore {
            name: characteristic.name(),
            real_mean: mean(values),
            generated_mean: mean(&generated),
            distance: mean(&known),
            spread: spread(&known),
            floor: floor.map(|floor| to_real(&floor.0[place])).transpose()?.flatten(),
            histogram: histogram(values, &generated),
            distances,
        })
    };
    Characteristic::all().into_par_iter().enumerate().map(one).collect()
}

/// `None` of nothing.
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| tidy(values.iter().sum::<f64>() / values.len() as f64))
}

/// The standard deviation over seeds; `None` of fewer than two.
fn spread(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some(tidy((squares / (values.len() - 1) as f64).sqrt()))
}
