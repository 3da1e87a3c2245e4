package kit

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// longest is how many characters of a foreign text a diagnostic quotes.
const longest = 1000

// Visible makes a text that is not the provider's own safe for a terminal: a cloud's message, a name or an ID. Control
// and format characters, line breaks and invalid bytes become escapes such as \x1b, \u202e and \n. A text of more than
// 1,000 characters is cut, and ends in an ellipsis.
func Visible(s string) string {
	var b strings.Builder
	for count := 0; s != ""; count++ {
		if count == longest {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[0]), 16))
		case strconv.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		s = s[size:]
	}
	return b.String()
}

// visibleLines is Visible for each line of a text whose line breaks the provider has written.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	return strings.Join(lines, "\n")
}
