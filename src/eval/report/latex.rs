//! Tables for LaTeX, with the package `booktabs`.

use super::{Row, basis_words, groups, joint_rows};
use crate::eval::scores::{Scores, Versus};
use crate::util::number::GAP;

/// One table of all that may be compared, then one of each.
pub fn latex(all: &[&Scores]) -> String {
    let mut out = vec!["% Needs \\usepackage{booktabs}.".to_owned()];
    for (against, group) in groups(all) {
        match group {
            Err(why) => out.push(format!("% {}", why.replace(['\n', '\r'], " "))),
            Ok(scores) => {
                let titles: Vec<String> = scores.iter().map(|one| one.title()).collect();
                let rows = joint_rows(&scores, against).into_iter();
                let rows = rows.map(|(about, cells)| std::iter::once(about.name.to_owned()).chain(cells).collect()).collect();
                let first = scores.first().and_then(|one| Some(basis_words(one, one.versus(against)?))).unwrap_or_default();
                out.push(table(std::iter::once("score".to_owned()).chain(titles).collect(), rows, &first));
            }
        }
    }
    for scores in all {
        out.extend(scores.lists().map(|versus| one(scores, versus)));
    }
    out.join("\n") + "\n"
}

fn one(scores: &Scores, versus: &Versus) -> String {
    let cells = |score| {
        let Row { name, value, interval, floor, real, .. } = Row::of(score);
        vec![name.to_owned(), value, interval, floor, real]
    };
    let titles = ["score", "value", "95 % interval, first seed", "floor", "real test drawings"].map(str::to_owned);
    let caption = format!("{}: {}.", scores.title(), basis_words(scores, versus));
    table(titles.to_vec(), versus.scores.iter().map(cells).collect(), &caption)
}

pub(super) fn table(titles: Vec<String>, rows: Vec<Vec<String>>, caption: &str) -> String {
    let row = |cells: &[String]| format!("    {} \\\\", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" & "));
    let body: Vec<String> = rows.iter().map(|cells| row(cells)).collect();
    let columns = "r".repeat(titles.len().saturating_sub(1));
    format!(
        "\\begin{{table}}\n  \\centering\n  \\begin{{tabular}}{{l{columns}}}\n    \\toprule\n{}\n    \\midrule\n{}\n    \\bottomrule\n  \\end{{tabular}}\n  \\caption{{{}}}\n\\end{{table}}",
        row(&titles),
        body.join("\n"),
        escaped(caption)
    )
}

/// Nothing in it is taken for a command.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            GAP => out.push('~'),
            '±' => out.push_str("$\\pm$"),
            '<' => out.push_str("$<$"),
            '>' => out.push_str("$>$"),
            '–' => out.push_str("--"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_be_a_command() {
        assert_eq!(escaped("50 % of \\input{x_1} & $y^2$"), "50 \\% of \\textbackslash{}input\\{x\\_1\\} \\& \\$y\\textasciicircum{}2\\$");
        assert_eq!(escaped("1 ± 2, 5\u{a0}000"), "1 $\\pm$ 2, 5~000");
    }
}
