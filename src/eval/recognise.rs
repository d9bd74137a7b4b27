//! How many of a model's drawings are recognised, category by category: what a model of many categories is measured by.

use serde::{Deserialize, Serialize};

use super::extractor::{Extractor, extract};
use super::pair::ranks;
use crate::config::own;
use crate::sketch::Sketch;
use crate::util::{Cancel, Error, Result};

/// How many of some drawings a classifier puts into their category.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// Drawings looked at.
    pub n: usize,
    /// Share whose category is the classifier's first guess, 0 to 1.
    pub top1: f64,
    /// Share whose category is among its first five.
    pub top5: f64,
}

/// One category's drawings, generated and real.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// Which.
    pub category: String,
    /// The model's.
    pub generated: Shares,
    /// The test split's.
    pub real: Shares,
}

/// What a classifier says of a model's categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognition {
    /// The classifier, with the hash of its weights.
    pub extractor: String,
    /// What rendered the drawings.
    pub renderer: String,
    /// The seed of the generated drawings.
    pub seed: u64,
    /// In the order in which they were asked for.
    pub categories: Vec<Recognised>,
}

/// Looks at drawings of one category.
///
/// # Errors
/// No drawings; an extractor that is no classifier or does not know the category; cancelled.
pub fn shares(extractor: &dyn Extractor, category: &str, sketches: &[Sketch], cancel: &Cancel) -> Result<Shares> {
    let known = |classes: &[String]| classes.iter().position(|name| name == own::bare(category));
    let class = extractor.classifier().and_then(|classifier| known(classifier.classes()));
    let unknown = || Error::new(format!("the classifier does not know '{category}'"));
    let features = extract(extractor, sketches, cancel, &|_| {})?;
    let ranks = ranks(extractor, class.ok_or_else(unknown)?, &features).ok_or_else(unknown)?;
    let within = |most: usize| ranks.iter().filter(|&&rank| rank < most).count() as f64 / ranks.len() as f64;
    Ok(Shares { n: ranks.len(), top1: within(1), top5: within(5) })
}

impl Recognition {
    /// Means over categories, each counted once: generated top-1 and top-5, then the same of real drawings.
    pub fn means(&self) -> [f64; 4] {
        let n = self.categories.len().max(1) as f64;
        let mean = |of: fn(&Recognised) -> f64| self.categories.iter().map(of).sum::<f64>() / n;
        [mean(|c| c.generated.top1), mean(|c| c.generated.top5), mean(|c| c.real.top1), mean(|c| c.real.top5)]
    }

    /// A table, best recognised first, with the means at its end.
    pub fn markdown(&self) -> String {
        let mut rows: Vec<&Recognised> = self.categories.iter().collect();
        rows.sort_by(|a, b| b.generated.top1.total_cmp(&a.generated.top1).then_with(|| a.category.cmp(&b.category)));
        let line = |name: &str, n: [usize; 2], [g1, g5, r1, r5]: [f64; 4]| {
            format!("| {name} | {} | {g1:.3} | {g5:.3} | {} | {r1:.3} | {r5:.3} |\n", n[0], n[1])
        };
        let shares = |c: &Recognised| [c.generated.top1, c.generated.top5, c.real.top1, c.real.top5];
        let mut text = format!(
            "Recognised by {}, drawings rendered by {}, seed {}.\n\n\
             | category | n | top-1 | top-5 | real n | real top-1 | real top-5 |\n|---|---:|---:|---:|---:|---:|---:|\n",
            self.extractor, self.renderer, self.seed
        );
        rows.iter().for_each(|c| text += &line(&c.category, [c.generated.n, c.real.n], shares(c)));
        let total = |of: fn(&Recognised) -> usize| self.categories.iter().map(of).sum();
        text + &line("**mean of categories**", [total(|c| c.generated.n), total(|c| c.real.n)], self.means())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::sketchbook;
    use crate::eval::extractor::SketchFeatures;

    #[test]
    fn shares_are_counted_and_means_count_every_category_once() -> Result<()> {
        let eye = SketchFeatures::shipped()?;
        let cats: Vec<Sketch> = (0..40).filter_map(|i| sketchbook::drawing("cat", 1, i)).collect();
        let (as_cats, as_buses) = (shares(&eye, "cat", &cats, &Cancel::default())?, shares(&eye, "bus", &cats, &Cancel::default())?);
        assert!(as_cats.n == 40 && as_cats.top1 <= as_cats.top5 && as_cats.top1 > as_buses.top1, "{as_cats:?} {as_buses:?}");
        assert!(shares(&eye, "unicorns", &cats, &Cancel::default()).is_err());
        assert!(shares(&eye, "cat", &[], &Cancel::default()).is_err());
        let of = |category: &str, generated: Shares| Recognised { category: category.into(), generated, real: as_cats };
        let all = |top1: f64, n| Shares { n, top1, top5: 1.0 };
        let categories = vec![of("bus", all(0.25, 1000)), of("cat", all(0.75, 10))];
        let recognition = Recognition { extractor: "eye".into(), renderer: "studio".into(), seed: 1, categories };
        assert_eq!(recognition.means(), [0.5, 1.0, as_cats.top1, as_cats.top5]);
        let table = recognition.markdown();
        let at = |name: &str| table.find(name).expect(name);
        assert!(at("| cat | 10 | 0.750 |") < at("| bus | 1000 | 0.250 |") && at("| bus") < at("| **mean of categories** | 1010 | 0.500 |"));
        Ok(())
    }
}
