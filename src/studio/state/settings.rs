//! A preset being edited: one number for every line of the limits table.

use serde_json::Value;

use crate::config::limits::{LIMITS, Limit};
use crate::config::preset::{complaint, numbers};
use crate::config::{Preset, SamplerKind};

/// A preset and the changes made to it.
#[derive(Debug, Clone)]
pub struct Settings {
    base: Preset,
    values: Vec<(&'static Limit, f64)>,
    /// The preset's own numbers, in the same order: what is remembered asks for changes in every frame.
    own: Vec<f64>,
    /// Mirror half of the drawings.
    pub flip: bool,
    /// How noise becomes a line.
    pub sampler: SamplerKind,
}

impl Settings {
    /// A preset as it is.
    pub fn of(base: Preset) -> Self {
        let numbers = numbers(&base);
        let value = |limit: &Limit| numbers.iter().find(|(field, _)| field == limit.field).map(|(_, value)| *value);
        let values: Vec<_> = LIMITS.iter().filter_map(|limit| value(limit).map(|value| (limit, value))).collect();
        let own = values.iter().map(|(_, value)| *value).collect();
        Self { flip: base.train.augment.flip, sampler: base.draw.sampler, values, own, base }
    }

    /// The preset that the changes are made to.
    pub fn base(&self) -> &Preset {
        &self.base
    }

    /// The number of a setting.
    pub fn get(&self, field: &str) -> Option<f64> {
        self.values.iter().find(|(limit, _)| limit.field == field).map(|(_, value)| *value)
    }

    /// A setting to change, with its limits.
    pub fn row(&mut self, field: &str) -> Option<(&'static Limit, &mut f64)> {
        self.values.iter_mut().find(|(limit, _)| limit.field == field).map(|(limit, value)| (*limit, value))
    }

    /// All settings whose name begins so, in the table's order.
    pub fn rows<'a>(&'a mut self, prefix: &'a str) -> impl Iterator<Item = (&'static Limit, &'a mut f64)> {
        self.values.iter_mut().filter(move |(limit, _)| limit.field.starts_with(prefix)).map(|(limit, value)| (*limit, value))
    }

    /// Numbers that differ from the preset's.
    pub fn changes(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.values.iter().zip(&self.own).filter(|((_, now), own)| now != *own).map(|((limit, now), _)| (limit.field, *now))
    }

    /// True if anything differs from the preset.
    pub fn changed(&self) -> bool {
        self.changes().next().is_some() || self.flip != self.base.train.augment.flip || self.sampler != self.base.draw.sampler
    }

    /// The preset with the changes; or what is wrong with them.
    pub fn preset(&self) -> Result<Preset, String> {
        let mut value = serde_json::to_value(&self.base).map_err(|error| error.to_string())?;
        set(&mut value, "", &|field| self.values.iter().find(|(limit, _)| limit.field == field).copied());
        let mut preset: Preset = serde_json::from_value(value).map_err(|error| error.to_string())?;
        preset.train.augment.flip = self.flip;
        preset.draw.sampler = self.sampler;
        match complaint(&preset) {
            None => Ok(preset),
            Some((_, what)) => Err(what),
        }
    }
}

/// Puts new numbers in, by the names that [`numbers`] gives them.
fn set(value: &mut Value, at: &str, number: &impl Fn(&str) -> Option<(&'static Limit, f64)>) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        // Variants of enums are no part of a field's name.
        let next = match (at, name.starts_with(char::is_uppercase)) {
            (at, true) => at.to_owned(),
            ("", false) => name.clone(),
            (at, false) => format!("{at}.{name}"),
        };
        match (value.is_number(), number(&next)) {
            (true, Some((limit, new))) if limit.whole => *value = Value::from(new.round() as u64),
            (true, Some((_, new))) => *value = Value::from(new),
            _ => set(value, &next, number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    #[test]
    fn unchanged_settings_are_the_preset() {
        for (name, _) in crate::config::PRESETS {
            let preset = load(name).expect("built in");
            let settings = Settings::of(preset.clone());
            assert!(!settings.changed());
            assert_eq!(settings.preset(), Ok(preset));
        }
    }

    #[test]
    fn every_row_reaches_its_field_and_no_other() {
        for (name, _) in crate::config::PRESETS {
            reaches(&load(name).expect("built in"));
        }
    }

    fn reaches(quick: &Preset) {
        let known = numbers(quick);
        for limit in LIMITS.iter().filter(|limit| known.iter().any(|(field, _)| field == limit.field)) {
            let mut settings = Settings::of(quick.clone());
            let (_, value) = settings.row(limit.field).unwrap_or_else(|| panic!("{} has no row", limit.field));
            // Another value within the limits, however narrow they are.
            let other = if limit.whole { *value + 1.0 } else { (*value + limit.max) / 2.0 };
            *value = if other <= limit.max && other != *value { other } else { limit.min };
            let wanted = *value;
            assert!(settings.changed(), "{}", limit.field);
            let mut json = serde_json::to_value(quick).expect("plain data");
            set(&mut json, "", &|field| (field == limit.field).then_some((limit, wanted)));
            let after: Preset = serde_json::from_value(json).expect("still a preset");
            for (field, number) in numbers(&after) {
                let before = known.iter().find(|(name, _)| *name == field).map(|(_, n)| *n);
                let expected = if field == limit.field { wanted } else { before.unwrap_or(f64::NAN) };
                assert!((number - expected).abs() <= 1e-6 * expected.abs(), "{field}: {number} instead of {expected}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_together_is_said() {
        let mut settings = Settings::of(load("quick").expect("built in"));
        *settings.row("model.heads").expect("there").1 = 7.0;
        assert!(settings.preset().is_err_and(|what| what.contains("model.heads")));
    }
}
