package cloud

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// logRecorder records the lines of a log with their fields, sorted by name. It is safe for concurrent use.
type logRecorder struct {
	mu    sync.Mutex
	lines []string
}

func (r *logRecorder) info(_ context.Context, msg string, fields ...map[string]any) {
	all := map[string]any{}
	for _, f := range fields {
		maps.Copy(all, f)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		msg += fmt.Sprintf(" %s=%v", name, all[name])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, msg)
}

// expect compares all lines.
func (r *logRecorder) expect(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if diff := cmp.Diff(want, r.lines); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// In a wait of two and a half minutes, each new state has a line, each minute has one, and the end.
func TestLog_snapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		var log logRecorder
		c.info = log.info
		start := time.Now()
		f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			return driver.Snapshot{}, driver.Operation{ID: "o1"}, nil
		}
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			switch elapsed := time.Since(start); {
			case elapsed < 20*time.Second:
				return driver.OperationStatus{Status: "queued"}, nil
			case elapsed < 150*time.Second:
				return driver.OperationStatus{Status: "pending"}, nil
			}
			return driver.OperationStatus{Done: true, ObjectID: "s1"}, nil
		}
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil)
		made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{Location: "zone-1", SourceID: "7"})
		if err == nil {
			_, err = c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
		}
		if err != nil {
			t.Fatal(err)
		}
		const at, since = " cloud=zone elapsed=", "2000-01-01T00:00:00Z source_id=7"
		log.expect(t,
			"The cloud has accepted the new snapshot"+at+"0s location=zone-1 source_id=7",
			"Waiting until the snapshot is ready"+at+"1s location=zone-1 since="+since+" state=queued",
			"Waiting until the snapshot is ready"+at+"21s location=zone-1 since="+since+" state=pending",
			"Waiting until the snapshot is ready"+at+"1m21s location=zone-1 since="+since+" state=pending",
			"Waiting until the snapshot is ready"+at+"2m21s location=zone-1 since="+since+" state=pending",
			"Waiting until the snapshot is ready"+at+"2m39s location=zone-1 since="+since+" state=ready",
			"The snapshot is ready"+at+"2m39s id=s1 location=zone-1 source_id=7",
		)
	})
}

// The download of an image has the megabytes, and a failure has the reason of the cloud.
func TestLog_image(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		var log logRecorder
		c.info = log.info
		start, size := time.Now(), 2048.0
		f.image = func(context.Context, driver.Ref) (driver.Image, error) {
			uploaded := min(size, 10*time.Since(start).Seconds())
			image := driver.Image{ID: "i1", State: "downloading", SizeMB: &size, UploadedSizeMB: &uploaded}
			if time.Since(start) > 100*time.Second {
				image.State, image.ErrorMessage = driver.StateError, "the file is compressed"
			}
			return image, nil
		}
		_, err := c.WaitImage(t.Context(), driver.Image{ID: "i1"}, driver.Operation{PollObject: true})
		failed(t, c, err, driver.KindFailed, "finish creating image")
		log.expect(t,
			"Waiting until the image is ready cloud=plain elapsed=0s id=i1 progress=0 of 2048 MB (0 %) "+
				"since=2000-01-01T00:00:00Z state=downloading",
			"Waiting until the image is ready cloud=plain elapsed=1m0s id=i1 progress=556 of 2048 MB (27 %) "+
				"since=2000-01-01T00:00:00Z state=downloading",
			"Unable to finish creating image cloud=plain elapsed=1m48s error="+err.Error()+" id=i1",
		)
	})
}

// A restore has the cloud's estimate, also after its end.
func TestLog_restore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r := newRestores(t)
		var log logRecorder
		c.info = log.info
		start, seconds := time.Now(), int64(90)
		r.snapshot = shows(driver.Snapshot{
			ID: "s1", SourceID: "vm", State: driver.StateReady, RestoreTimeSeconds: &seconds,
		}, nil)
		r.restore = func() (driver.Operation, error) { return driver.Operation{ID: "o1"}, nil }
		r.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{Done: time.Since(start) > 2*time.Minute, Status: "sent"}, nil
		}
		_, operation, err := c.StartRestore(t.Context(), restoreSpec)
		if err == nil {
			err = c.FinishRestore(t.Context(), restoreRef, operation)
		}
		if err != nil || operation.Estimate != 90*time.Second {
			t.Fatal(operation, err)
		}
		for _, want := range []string{
			"elapsed=1s id=s1 progress=1 % of the cloud's estimate of 1m30s",
			"elapsed=1m1s id=s1 progress=67 % of the cloud's estimate of 1m30s",
			"elapsed=2m1s id=s1 progress=longer than the cloud's estimate of 1m30s",
			"The restore is complete cloud=rewind elapsed=2m",
		} {
			if !strings.Contains(strings.Join(log.lines, "\n"), want) {
				t.Errorf("no %q in\n%s", want, strings.Join(log.lines, "\n"))
			}
		}
	})
}

// A request without an answer, and other work on the source, have lines too.
func TestLog_waitsWithoutPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		var log logRecorder
		c.info = log.info
		f.deleteSnapshot = func(ctx context.Context, _ driver.Ref) (driver.Operation, error) {
			<-ctx.Done()
			return driver.Operation{}, ctx.Err()
		}
		release, err := c.LockSource(t.Context(), driver.Ref{SourceID: "7"})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(90*time.Second, release)
		var reported []string
		ctx := wait.WithProgress(t.Context(), func(status string) { reported = append(reported, status) })
		if release, err = c.LockSource(ctx, driver.Ref{SourceID: "7"}); err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		err = c.DeleteSnapshot(ctx, driver.Ref{SourceID: "7", ObjectID: "s1"})
		failed(t, c, err, driver.KindTimeout, "delete snapshot")
		const other = "other work on the same Instance"
		log.expect(t,
			"Waiting for "+other+" cloud=plain elapsed=0s since=2000-01-01T00:00:00Z source_id=7",
			"Waiting for "+other+" cloud=plain elapsed=1m0s since=2000-01-01T00:00:00Z source_id=7",
			"No other work uses the Instance cloud=plain elapsed=1m30s source_id=7",
			"Waiting until the snapshot is deleted cloud=plain elapsed=1m0s id=s1 since=2000-01-01T00:01:30Z source_id=7",
			"Unable to delete snapshot cloud=plain elapsed=1m30s error="+err.Error()+" id=s1 source_id=7",
		)
		if len(reported) != 1 {
			t.Errorf("the caller's progress is lost: %q", reported)
		}
	})
}

// Without a log there is neither a timer nor a context of its own.
func TestLog_none(t *testing.T) {
	c, _ := newPlain(t)
	ctx, l := c.logStage(t.Context(), stage{}, driver.Ref{})
	l.setProgress(nil)
	l.end("", nil)
	if ctx != t.Context() || l.timer != nil {
		t.Error("the stage logs without a log")
	}
}
