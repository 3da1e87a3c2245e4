package sandbox

import (
	"os"
	"strings"
	"testing"
)

func TestFault_guideListsEachKind(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range knownDo() {
		if !strings.Contains(string(guide), "\n| `"+do+"` | ") {
			t.Errorf("the guide has no fault %s", do)
		}
	}
}
