package cloud

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// logInterval is the longest time without a line while a stage waits.
const logInterval = time.Minute

// stage is a part of an operation that the log reports at INFO.
type stage struct {
	// op is the operation as in errors, such as "delete snapshot".
	op string
	// waiting is the line while the stage waits. done is the line after a success; if it is empty, there is none.
	waiting, done string
}

// updateStage is the stage of an update in place.
func updateStage(noun string) stage {
	return stage{
		op: "update " + noun, waiting: "Waiting until the " + noun + " is updated", done: "The " + noun + " is updated",
	}
}

// stageLog writes the lines of a stage: one for each new status of the cloud, one for each minute, and one at the end.
// It is safe for concurrent use. The zero value writes nothing.
type stageLog struct {
	stage
	write  func(msg string, fields ...map[string]any)
	fields map[string]any
	began  time.Time

	mu       sync.Mutex
	timer    *time.Timer
	status   string
	progress func(elapsed time.Duration) string
	waited   bool
	ended    bool
}

// logStage begins the lines of a stage. Waits report to it through the context that it returns. The caller calls end.
// Nothing is written if no log is configured. It does not block.
func (c *Cloud) logStage(ctx context.Context, s stage, ref driver.Ref) (context.Context, *stageLog) {
	if c.info == nil {
		return ctx, &stageLog{}
	}
	fields := map[string]any{"cloud": c.Name}
	for name, value := range map[string]string{
		"location": ref.Location, "source_id": ref.SourceID, "id": ref.ObjectID,
	} {
		if value != "" {
			fields[name] = value
		}
	}
	logged := ctx
	l := &stageLog{
		stage: s, fields: fields, began: time.Now(),
		write: func(msg string, fields ...map[string]any) { c.info(logged, msg, fields...) },
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(logInterval, l.tick)
	return wait.WithProgress(ctx, l.report), l
}

// report writes a line if the status of the cloud is new.
func (l *stageLog) report(status string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == l.status || l.ended {
		return
	}
	l.status = status
	l.timer.Reset(logInterval)
	l.writeWaiting()
}

// tick writes a line after a minute without one.
func (l *stageLog) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.timer.Reset(logInterval)
	l.writeWaiting()
}

// writeWaiting writes what the stage waits for, since when, and the progress. The caller holds mu.
func (l *stageLog) writeWaiting() {
	l.waited = true
	elapsed := time.Since(l.began)
	fields := map[string]any{
		"since": l.began.UTC().Format(time.RFC3339), "elapsed": elapsed.Round(time.Second).String(),
	}
	if l.status != "" && !strings.EqualFold(l.status, l.waiting) {
		fields["state"] = l.status
	}
	if l.progress != nil {
		if text := l.progress(elapsed); text != "" {
			fields["progress"] = text
		}
	}
	l.write(l.waiting, l.fields, fields)
}

// setProgress sets the function that returns the progress for the next lines. It is called with the time since the
// stage began, and returns an empty text if there is no progress to report.
func (l *stageLog) setProgress(progress func(elapsed time.Duration) string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress = progress
}

// end writes the last line: the success, with the ID of the object, or the error. Nothing is written after that.
func (l *stageLog) end(id string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.write == nil || l.ended {
		return
	}
	l.ended = true
	l.timer.Stop()
	fields := map[string]any{"elapsed": time.Since(l.began).Round(time.Second).String()}
	if id != "" {
		fields["id"] = id
	}
	switch {
	case err != nil:
		fields["error"] = err.Error()
		l.write("Unable to "+l.op, l.fields, fields)
	case l.done != "":
		l.write(l.done, l.fields, fields)
	}
}

// downloaded returns the progress of an image that the cloud downloads, as "512 of 2048 MB (25 %)". It is empty if the
// cloud reports no sizes.
func downloaded(image driver.Image) string {
	if image.SizeMB == nil || image.UploadedSizeMB == nil || *image.SizeMB <= 0 {
		return ""
	}
	return fmt.Sprintf("%.0f of %.0f MB (%.0f %%)", *image.UploadedSizeMB, *image.SizeMB,
		100**image.UploadedSizeMB / *image.SizeMB)
}

// estimated returns the progress of work that began a time ago, by the cloud's estimate of its duration.
func estimated(elapsed, estimate time.Duration) string {
	switch {
	case estimate <= 0:
		return ""
	case elapsed > estimate:
		return fmt.Sprintf("longer than the cloud's estimate of %s", estimate)
	}
	return fmt.Sprintf("%d %% of the cloud's estimate of %s", 100*elapsed/estimate, estimate)
}
