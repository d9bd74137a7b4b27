//! How collections of the user's own are called among the categories: "mine: owl", so that none passes for one of the data set.

/// What their names begin with. No other category's name has a colon: it could not be a file's name everywhere.
const MARK: &str = "mine: ";

/// The category of the user's own drawings of this word.
pub fn category(word: &str) -> String {
    format!("{MARK}{word}")
}

/// What a category of the user's own is of; `None` of every other category.
pub fn word(category: &str) -> Option<&str> {
    category.strip_prefix(MARK)
}

/// What a category is of, whosever drawings they are.
pub fn bare(category: &str) -> &str {
    word(category).unwrap_or(category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_word() {
        let owl = category("owl");
        assert_eq!((owl.as_str(), word(&owl), bare(&owl)), ("mine: owl", Some("owl"), "owl"));
        assert_eq!((word("owl"), bare("owl")), (None, "owl"));
    }
}
