// Package outcomes has a test for each outcome that tools/test.sh reports.
package outcomes

import "testing"

func TestPass(*testing.T) {}

func TestSkip(t *testing.T) {
	t.Run("version", func(t *testing.T) {
		t.Skip("needs Terraform 1.14")
	})
	t.Run(`"quoted"`, func(t *testing.T) {
		t.Log("=== not a mark: \"Action\":\"pass\"")
		t.Skip("the file <C:\\new> & \"another\"\nare missing")
	})
}

func TestFail(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Error("got 2, want 1")
}

func TestUnfinished(*testing.T) {
	if testing.Short() {
		return
	}
	panic("cut off")
}
