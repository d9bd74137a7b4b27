//! What every score is called and what it means, in one table that files, command line and window share.

use serde::{Deserialize, Serialize};

/// A kind of score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreKind {
    /// Frechet distance of the features.
    Fid,
    /// The same, extrapolated to infinitely many drawings.
    FidInfinite,
    /// Kernel distance, averaged over subsets.
    Kid,
    /// Kernel distance of all drawings at once.
    KidWhole,
    /// Naeem et al.'s precision, k = 5.
    Precision,
    /// Naeem et al.'s recall, k = 5.
    Recall,
    /// Density, k = 5.
    Density,
    /// Coverage, k = 5.
    Coverage,
    /// Kynkäänniemi et al.'s precision, k = 3.
    #[serde(rename = "precision_k3")]
    ImprovedPrecision,
    /// Kynkäänniemi et al.'s recall, k = 3.
    #[serde(rename = "recall_k3")]
    ImprovedRecall,
    /// Share whose first guess is the category.
    Top1,
    /// Share whose first five guesses hold the category.
    Top5,
    /// Median distance to the nearest training drawing.
    Nearest,
    /// That distance over the same of test drawings.
    Copying,
    /// Share as near to a training drawing as the nearest twentieth of the test drawings.
    NearCopies,
}

/// Where a good score lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// At the floor, the lower the better.
    Lower,
    /// The higher the better.
    Higher,
    /// Near the figure of the real drawings; far below it is bad.
    NearReal,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explained {
    /// Which score.
    pub kind: ScoreKind,
    /// Its name in CSV files; the one that serde gives it.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where a good one lies.
    pub better: Better,
    /// Digits behind the point that mean something.
    pub decimals: usize,
    /// What the number means: two sentences.
    pub says: &'static str,
    /// Where it is defined.
    pub source: &'static str,
}

impl Explained {
    /// In a word for tables: "lower is better".
    pub fn better_words(&self) -> &'static str {
        match self.better {
            Better::Lower => "lower is better",
            Better::Higher => "higher is better",
            Better::NearReal => "near the real drawings' is best",
        }
    }
}

impl ScoreKind {
    /// Its row of the table.
    pub fn explained(self) -> &'static Explained {
        // The table is in the order of the kinds; a test holds it.
        &SCORES[self as usize]
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        self.explained().name
    }
}

const fn row(
    kind: ScoreKind,
    key: &'static str,
    name: &'static str,
    better: Better,
    decimals: usize,
    source: &'static str,
    says: &'static str,
) -> Explained {
    Explained { kind, key, name, better, decimals, says, source }
}

/// Every score.
pub const SCORES: &[Explained] = &[
    row(
        ScoreKind::Fid,
        "fid",
        "FID",
        Better::Lower,
        3,
        "Heusel et al. 2017, eq. 6",
        "How far apart the clouds of real and generated drawings lie, by their centres and their spread. It falls as drawings are added, so only scores of equal numbers can be compared, and the floor says what real drawings get.",
    ),
    row(
        ScoreKind::FidInfinite,
        "fid_infinite",
        "FID, extrapolated",
        Better::Lower,
        3,
        "Chong and Forsyth 2020",
        "What FID would be with infinitely many drawings, read off a line through the scores of fewer. It takes away most of what the number of drawings adds, and can be a little below 0.",
    ),
    row(
        ScoreKind::Kid,
        "kid",
        "KID",
        Better::Lower,
        5,
        "Bińkowski et al. 2018",
        "How easily a smooth rule tells real from generated drawings, as the mean over random subsets. Unlike FID it does not depend on the number of drawings, and it can be a little below 0 when nothing tells them apart.",
    ),
    row(
        ScoreKind::KidWhole,
        "kid_whole",
        "KID, all drawings",
        Better::Lower,
        5,
        "Bińkowski et al. 2018",
        "The same distance from all drawings at once instead of subsets. It varies less by chance than the mean over subsets.",
    ),
    row(
        ScoreKind::Precision,
        "precision",
        "precision",
        Better::Higher,
        3,
        "Naeem et al. 2020, with k = 5",
        "The share of generated drawings that lie among the real ones. Low precision means drawings that nobody would have drawn.",
    ),
    row(
        ScoreKind::Recall,
        "recall",
        "recall",
        Better::Higher,
        3,
        "Naeem et al. 2020, with k = 5",
        "The share of real drawings that lie among the generated ones. Low recall means ways to draw that the model never takes.",
    ),
    row(
        ScoreKind::Density,
        "density",
        "density",
        Better::Higher,
        3,
        "Naeem et al. 2020, eq. 4",
        "How many real drawings a generated one has around it, against how many are expected; about 1 when all is well, and it may be more. Unlike precision it is not fooled by a single odd real drawing.",
    ),
    row(
        ScoreKind::Coverage,
        "coverage",
        "coverage",
        Better::Higher,
        3,
        "Naeem et al. 2020, eq. 5",
        "The share of real drawings that have a generated one close by. Unlike recall it is not fooled by a few wild generated drawings.",
    ),
    row(
        ScoreKind::ImprovedPrecision,
        "precision_k3",
        "precision, k = 3",
        Better::Higher,
        3,
        "Kynkäänniemi et al. 2019",
        "Precision with the nearer neighbour that its first paper used. It is stricter than the one above, and there to be compared with other work.",
    ),
    row(
        ScoreKind::ImprovedRecall,
        "recall_k3",
        "recall, k = 3",
        Better::Higher,
        3,
        "Kynkäänniemi et al. 2019",
        "Recall with the nearer neighbour that its first paper used. It is stricter than the one above, and there to be compared with other work.",
    ),
    row(
        ScoreKind::Top1,
        "top1",
        "recognised, first guess",
        Better::NearReal,
        3,
        "share of all drawings",
        "The share of generated drawings that a classifier of all categories takes for what they should be. Set it beside the same share of real test drawings: more than that means drawings plainer than people's, not better ones.",
    ),
    row(
        ScoreKind::Top5,
        "top5",
        "recognised, five guesses",
        Better::NearReal,
        3,
        "share of all drawings",
        "The same with five guesses instead of one. A drawing that fails even this looks like many other things first.",
    ),
    row(
        ScoreKind::Nearest,
        "nearest",
        "nearest training drawing",
        Better::NearReal,
        4,
        "median distance of features",
        "The median distance from a drawing to the most similar one that was trained on, in units of the features. Real test drawings, which nobody trained on, say what distance is natural.",
    ),
    row(
        ScoreKind::Copying,
        "copying",
        "copying ratio",
        Better::NearReal,
        3,
        "median distance of generated over that of test drawings",
        "How near generated drawings lie to training drawings, against how near real test drawings do: about 1 when nothing is copied, 0 for copies. Below one half the model is likely to draw from memory.",
    ),
    row(
        ScoreKind::NearCopies,
        "near_copies",
        "near copies",
        Better::Lower,
        3,
        "share of all drawings",
        "The share of generated drawings that lie as near to a training drawing as the nearest twentieth of the test drawings do: about 0.05 when nothing is copied, or the floor. A median does not see it when a few drawings in a hundred are copies; this does.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_kinds_and_says_two_sentences() {
        for (i, row) in SCORES.iter().enumerate() {
            assert_eq!(row.kind as usize, i);
            assert!(row.says.ends_with('.') && row.says.matches(". ").count() == 1, "{}", row.key);
        }
        assert_eq!(ScoreKind::NearCopies as usize + 1, SCORES.len());
        assert_eq!(ScoreKind::FidInfinite.explained().key, "fid_infinite");
        assert!(SCORES.iter().all(|row| serde_json::to_value(row.kind).ok() == Some(row.key.into())));
    }
}
