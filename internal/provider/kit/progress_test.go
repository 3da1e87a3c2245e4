package kit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// inbox is a CLI that receives messages.
type inbox struct {
	mu    sync.Mutex
	began time.Time
	lines []string
}

func (i *inbox) receive(event action.InvokeProgressEvent) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.lines = append(i.lines, fmt.Sprintf("%s: %s", time.Since(i.began), event.Message))
}

func (i *inbox) got() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.lines)
}

// A wait of 33 seconds reports each status once, and there are never more than ten seconds without a message.
func TestProgress_reportsChangesAndHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{began: time.Now()}
		ctx, progress := kit.StartProgress(t.Context(), box.receive, "Creating a snapshot")
		time.AfterFunc(14*time.Second, func() { progress.Send("accepted") })
		err := wait.Until(ctx, wait.Pace{}, func(context.Context) (bool, string, error) {
			switch elapsed := time.Since(box.began); {
			case elapsed < 2*time.Second:
				return false, "", nil
			case elapsed < 25*time.Second:
				return false, "creating", nil
			default:
				return elapsed >= 33*time.Second, "migrating", nil
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		progress.End("done")
		want := []string{
			"0s: Creating a snapshot",
			"2s: Status: creating [2s elapsed]",
			"12s: Still waiting, status: creating [12s elapsed]",
			"14s: accepted",
			"24s: Still waiting, status: creating [24s elapsed]",
		}
		got := box.got()
		if len(got) != 7 {
			t.Fatalf("got %q", got)
		}
		if diff := cmp.Diff(want, got[:5]); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(got[5], "Status: migrating") || !strings.HasSuffix(got[6], ": done") {
			t.Errorf("the end is %q", got[5:])
		}
	})
}

func TestProgress_beatsWithoutAStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{began: time.Now()}
		_, progress := kit.StartProgress(t.Context(), box.receive, "Creating")
		<-time.After(25 * time.Second)
		progress.Stop()
		want := []string{
			"0s: Creating", "10s: Still waiting [10s elapsed]", "20s: Still waiting [20s elapsed]",
		}
		if diff := cmp.Diff(want, box.got()); diff != "" {
			t.Error(diff)
		}
	})
}

// What is sent from many goroutines arrives once each, and nothing arrives after the end.
func TestProgress_endsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{began: time.Now()}
		ctx, progress := kit.StartProgress(t.Context(), box.receive, "first")
		var senders sync.WaitGroup
		for i := range 50 {
			senders.Go(func() { progress.Send(fmt.Sprintf("message %d", i)) })
		}
		senders.Wait()
		progress.End("last")
		if n := len(box.got()); n != 52 {
			t.Errorf("%d messages were sent, want 52", n)
		}
		progress.End("again")
		progress.Send("late")
		progress.Stop()
		wait.Report(ctx, "late")
		<-time.After(time.Minute)
		if got := box.got(); len(got) != 52 || !strings.HasSuffix(got[51], "last") {
			t.Errorf("after the end: %q", got[51:])
		}
	})
}

// A text of the cloud cannot write lines of its own.
func TestProgress_showsForeignTextOnOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{began: time.Now()}
		_, progress := kit.StartProgress(t.Context(), box.receive, "first")
		progress.Report("creating\n\x1b[31mdone")
		progress.Stop()
		if got := box.got(); got[1] != `0s: Status: creating\n\x1b[31mdone [0s elapsed]` {
			t.Errorf("got %q", got)
		}
	})
}

// A CLI that is gone receives nothing, and the framework's send blocks for ever then. The action must end nevertheless.
func TestProgress_endsWithoutACLI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan struct{})
		defer close(gone)
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		_, progress := kit.StartProgress(ctx, func(action.InvokeProgressEvent) { <-gone }, "first")
		time.AfterFunc(5*time.Second, cancel)
		progress.End("last")
		if took := time.Since(began); took != 6*time.Second {
			t.Errorf("the end took %s, want the rest of the context and a second", took)
		}
	})
}
