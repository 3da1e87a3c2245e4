package cloud

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

func TestKindForStatus(t *testing.T) {
	for kind, statuses := range map[driver.Kind][]int{
		driver.KindUnavailable: {0, 200, 201, 204, 408, 500, 501, 502, 503, 504, 520},
		driver.KindUnknown:     {100, 301, 302, 307},
		driver.KindInvalid:     {400, 405, 415, 418, 422},
		driver.KindAuth:        {401},
		driver.KindLimit:       {402},
		driver.KindPermission:  {403},
		driver.KindNotFound:    {404, 410},
		driver.KindConflict:    {409, 412},
		driver.KindBusy:        {423},
		driver.KindRateLimited: {429},
	} {
		for _, status := range statuses {
			if got := driver.KindForStatus(status); got != kind {
				t.Errorf("%d: got %d, want %d", status, got, kind)
			}
		}
	}
}

func TestFail(t *testing.T) {
	ref := driver.Ref{SourceID: "7", ObjectID: "s1"}
	own := driver.Ref{SourceID: "8"}
	for name, tc := range map[string]struct {
		err  error
		want driver.Error
	}{
		"a reply": {answer(404, "not found"), driver.Error{
			Kind: driver.KindNotFound, Ref: ref, Message: "not found", Status: 404, Code: "code", RequestID: "request",
		}},
		"a web page": {&reply{status: 404, message: "a web page", page: true}, driver.Error{
			Kind: driver.KindUnavailable, Ref: ref, Message: "a web page", Status: 404, Code: "code",
			RequestID: "request",
		}},
		"a wrapped reply": {
			fmt.Errorf("listing: %w", answer(500, "down")),
			driver.Error{
				Kind: driver.KindUnavailable, Ref: ref, Message: "down", Status: 500, Code: "code",
				RequestID: "request",
			},
		},
		"without words": {&reply{status: 500}, driver.Error{
			Kind: driver.KindUnavailable, Ref: ref, Message: "GET /x: HTTP 500: ", Status: 500, Code: "code",
			RequestID: "request",
		}},
		"anything else": {errors.New("no zone"), driver.Error{Kind: driver.KindUnknown, Ref: ref, Message: "no zone"}},
		"the client's": {
			&driver.Error{Kind: driver.KindFailed, Message: "no room", Hint: "Make room.", OperationID: "j"},
			driver.Error{Kind: driver.KindFailed, Ref: ref, Message: "no room", Hint: "Make room.", OperationID: "j"},
		},
		"with an object": {
			&driver.Error{Kind: driver.KindFailed, Message: "no", Ref: own},
			driver.Error{Kind: driver.KindFailed, Ref: own, Message: "no"},
		},
		"over a reply": {
			&driver.Error{Kind: driver.KindConflict, Message: "it runs", Err: answer(412, "precondition failed")},
			driver.Error{
				Kind: driver.KindConflict, Ref: ref, Message: "it runs", Status: 412, Code: "code",
				RequestID: "request",
			},
		},
		"only a kind": {
			&driver.Error{Kind: driver.KindNotFound},
			driver.Error{Kind: driver.KindNotFound, Ref: ref, Message: "the cloud reported no reason"},
		},
		"a kind and a cause": {
			&driver.Error{Kind: driver.KindInvalid, Err: errors.New("bad ID")},
			driver.Error{Kind: driver.KindInvalid, Ref: ref, Message: "bad ID"},
		},
		"cancelled": {
			context.Canceled, driver.Error{Kind: driver.KindCanceled, Ref: ref, Message: "context canceled"},
		},
		"deadline": {
			context.DeadlineExceeded,
			driver.Error{Kind: driver.KindTimeout, Ref: ref, Message: "context deadline exceeded"},
		},
		"cancelled in a reply": {
			&reply{message: "broke off", cause: context.Canceled},
			driver.Error{Kind: driver.KindCanceled, Ref: ref, Message: "broke off", Code: "code", RequestID: "request"},
		},
		"deadline in a reply": {
			&reply{message: "no answer", cause: context.DeadlineExceeded},
			driver.Error{Kind: driver.KindTimeout, Ref: ref, Message: "no answer", Code: "code", RequestID: "request"},
		},
		"a wait that timed out": {
			&wait.Error{Polls: 3, Err: context.DeadlineExceeded},
			driver.Error{Kind: driver.KindTimeout, Ref: ref, Message: "stopped waiting after 0s and 3 polls"},
		},
		"a wait, cancelled": {
			&wait.Error{Polls: 1, Err: context.Canceled},
			driver.Error{Kind: driver.KindCanceled, Ref: ref, Message: "stopped waiting after 0s and 1 poll"},
		},
		"busy to the deadline": {
			&driver.Error{Kind: driver.KindBusy, Message: "locked", Err: context.DeadlineExceeded},
			driver.Error{Kind: driver.KindBusy, Ref: ref, Message: "locked"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newPlain(t)
			got := c.fail("read snapshot", ref, tc.err)
			var own *driver.Error
			if cause := errors.Unwrap(tc.err); !errors.As(tc.err, &own) && !errors.Is(got, tc.err) ||
				cause != nil && !errors.Is(got, cause) {
				t.Errorf("the cause is lost: %v", got.Err)
			}
			if got.Cloud != "plain" || got.Op != "read snapshot" {
				t.Errorf("got %+v", got)
			}
			if got.Kind != tc.want.Kind || got.Ref != tc.want.Ref || got.Message != tc.want.Message ||
				got.Hint != tc.want.Hint ||
				got.OperationID != tc.want.OperationID ||
				got.Status != tc.want.Status ||
				got.Code != tc.want.Code ||
				got.RequestID != tc.want.RequestID {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestFail_leavesTheClientsErrorAsItIs(t *testing.T) {
	c, _ := newPlain(t)
	shared := &driver.Error{Kind: driver.KindFailed, Message: "no room"}
	if err := c.failOperation(
		"create snapshot", driver.Ref{ObjectID: "s1"}, driver.Operation{ID: "j"}, shared,
	); err == nil ||
		shared.Op != "" ||
		shared.Ref != (driver.Ref{}) ||
		shared.OperationID != "" {
		t.Errorf("got %+v", shared)
	}
}

func TestError_onOneLine(t *testing.T) {
	cause := errors.New("cause")
	e := &driver.Error{
		Kind:    driver.KindNotFound,
		Cloud:   "plain",
		Op:      "read snapshot",
		Message: "not found",
		Status:  404,
		Err:     cause,
	}
	if got, want := e.Error(), "plain: unable to read snapshot: not found (HTTP 404)"; got != want ||
		!errors.Is(e, cause) {
		t.Errorf("got %q, want %q", got, want)
	}
	e.Status = 0
	if got, want := e.Error(), "plain: unable to read snapshot: not found"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	wrapped := fmt.Errorf("while planning: %w", e)
	if driver.KindOf(wrapped) != driver.KindNotFound || !driver.IsNotFound(wrapped) {
		t.Error("a wrapped error keeps its kind")
	}
	if driver.KindOf(cause) != driver.KindUnknown || driver.KindOf(nil) != driver.KindUnknown ||
		driver.IsNotFound(nil) {
		t.Error("what is not of this package has no kind")
	}
}
