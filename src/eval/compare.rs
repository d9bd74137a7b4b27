//! Which scores may stand side by side.

use super::scores::{Against, Scores, Versus};
use crate::util::{Error, Result};

impl Scores {
    /// The scores against this list.
    pub fn versus(&self, against: Against) -> Option<&Versus> {
        self.lists().find(|versus| versus.against == against)
    }

    /// What these scores are called beside others.
    pub fn title(&self) -> String {
        format!("{} ({})", self.category, self.origin.name())
    }
}

/// Refuses to set scores side by side that do not mean the same: of another protocol, extractor or renderer, of other numbers of
/// drawings, or of one category against other real drawings.
///
/// # Errors
/// Of kind `Usage`: which two differ, in what, and what to do. Nothing to compare, too.
pub fn check_side_by_side(all: &[&Scores], against: Against) -> Result<()> {
    let Some((first, others)) = all.split_first() else { return Err(Error::usage("there are no scores to compare")) };
    for other in others {
        check_two(first, other, against)?;
    }
    Ok(())
}

fn check_two(a: &Scores, b: &Scores, against: Against) -> Result<()> {
    let refuse = |what: &str, of: [String; 2], advice: &str| {
        let [a_has, b_has] = of;
        let text = format!("these scores cannot stand side by side: {what} differs ({}: {a_has}; {}: {b_has})", a.title(), b.title());
        Err(Error::usage(text).advise(advice))
    };
    let (x, y) = (&a.basis, &b.basis);
    if x.protocol != y.protocol {
        return refuse("the protocol", [x.protocol.to_string(), y.protocol.to_string()], "Evaluate both with the same --protocol.");
    }
    if x.extractor != y.extractor || x.width != y.width {
        let name = |basis: &super::Basis| {
            format!("{}, {} features, SHA-256 {}", basis.extractor.name, basis.width, basis.extractor.sha256.get(..12).unwrap_or_default())
        };
        return refuse("the extractor", [name(x), name(y)], "Evaluate both again with the same weights.");
    }
    if x.renderer != y.renderer {
        return refuse(
            "the renderer",
            [x.renderer.clone(), y.renderer.clone()],
            "Evaluate both again with the same version of the program.",
        );
    }
    let counted = |scores: &Scores| scores.versus(against).map(|versus| (scores.generated, versus.real));
    let (Some(n), Some(m)) = (counted(a), counted(b)) else {
        let has = |there: bool| if there { "scored" } else { "not scored" }.to_owned();
        let of = [has(counted(a).is_some()), has(counted(b).is_some())];
        return refuse(against.words(), of, "Only lists that both were scored against can be compared.");
    };
    if n != m {
        let words = |(generated, real)| format!("{generated} generated against {real} real");
        return refuse(
            "the number of drawings",
            [words(n), words(m)],
            "FID depends on it: evaluate with the same --count and test lists of one length, or look at each beside its own floor.",
        );
    }
    let (x, y) = (&a.data, &b.data);
    if a.category == b.category && (x.sha256 != y.sha256 || x.split_sha256 != y.split_sha256) {
        let of = |data: &super::DataFacts| data.sha256.get(..12).unwrap_or_default().to_owned();
        return refuse("the real drawings, or their split,", [of(x), of(y)], "Evaluate both with the same --data and --subset.");
    }
    Ok(())
}
