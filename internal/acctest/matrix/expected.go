package matrix

import "strings"

// exception is a promise that some cells cannot keep by the nature of a cloud.
type exception struct {
	// kind is the word in front of the broken promise.
	kind    string
	applies func(c cell) bool
	reason  string
}

// exceptions is the reviewed list. Every entry has its reason.
func exceptions() []exception {
	return []exception{
		{
			"orphan",
			func(c cell) bool { return c.op.verb == destroy && c.forever && c.fault.name == "404" },
			"An object that every answer denies is absent to every client: a delete of what is absent is a success.",
		},
		{
			"orphan",
			func(c cell) bool {
				return c.op.verb == destroy && c.forever && strings.HasPrefix(c.fault.name, "200 ") &&
					c.drv.Descriptor().Limits.SingleSnapshot()
			},
			"At a cloud with a single snapshot per source, every empty answer means that there is none.",
		},
	}
}

// expectedFailure returns why a cell cannot keep the promises that it has broken, or nothing.
func expectedFailure(c cell, out outcome) string {
	var reasons []string
	for _, broken := range out.broken {
		found := ""
		for _, e := range exceptions() {
			if strings.HasPrefix(broken, e.kind+":") && e.applies(c) {
				found = e.reason
			}
		}
		if found == "" {
			return ""
		}
		reasons = append(reasons, found)
	}
	return strings.Join(reasons, " ")
}
