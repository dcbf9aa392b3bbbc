/// SQLite's keywords that the native path does not take for names. Some may be names in SQLite; those queries are read by it. Keywords
/// that mean nothing within the grammar, such as KEY and FIRST, are names here as they are there.
///
/// Source: https://www.sqlite.org/lang_keywords.html
enum QueryKeywords {
    static func contains(_ word: String) -> Bool { all.contains(word.asciiLowercased) }

    private static let all = Set(
        """
        abort add all alter analyze and as asc attach autoincrement between by case cast check collate column commit conflict \
        constraint create cross current_date current_time current_timestamp default deferrable deferred delete desc detach \
        distinct do drop else escape except exclude exclusive exists explain fail filter following for foreign from full glob \
        group having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join left like \
        limit match materialized natural not nothing notnull null nulls offset on or order outer over partition pragma preceding \
        primary raise recursive references regexp reindex release rename replace restrict returning right rollback savepoint \
        select set table temporary then to transaction trigger true false unbounded union unique update using vacuum values \
        virtual when where window with within without
        """.split(separator: " ").map(String.init))
}

extension String {
    /// With the letters A to Z as small ones and no other changed: how SQLite compares names.
    var asciiLowercased: String {
        String(decoding: utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }
}
