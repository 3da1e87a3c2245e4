package cloud

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

func TestKindForStatus(t *testing.T) {
	for kind, statuses := range map[Kind][]int{
		KindUnavailable: {0, 200, 201, 204, 408, 500, 501, 502, 503, 504, 520},
		KindUnknown:     {100, 301, 302, 307},
		KindInvalid:     {400, 405, 415, 418, 422},
		KindAuth:        {401},
		KindLimit:       {402},
		KindPermission:  {403},
		KindNotFound:    {404, 410},
		KindConflict:    {409, 412},
		KindBusy:        {423},
		KindRateLimited: {429},
	} {
		for _, status := range statuses {
			if got := KindForStatus(status); got != kind {
				t.Errorf("%d: got %d, want %d", status, got, kind)
			}
		}
	}
}

func TestFail(t *testing.T) {
	ref := Ref{SourceID: "7", ObjectID: "s1"}
	own := Ref{SourceID: "8"}
	for name, tc := range map[string]struct {
		err  error
		want Error
	}{
		"a reply":    {answer(404, "not found"), Error{Kind: KindNotFound, Ref: ref, Message: "not found", Status: 404, Code: "code", RequestID: "request"}},
		"a web page": {&reply{status: 404, message: "a web page", page: true}, Error{Kind: KindUnavailable, Ref: ref, Message: "a web page", Status: 404, Code: "code", RequestID: "request"}},
		"a wrapped reply": {
			fmt.Errorf("listing: %w", answer(500, "down")),
			Error{Kind: KindUnavailable, Ref: ref, Message: "down", Status: 500, Code: "code", RequestID: "request"},
		},
		"without words":  {&reply{status: 500}, Error{Kind: KindUnavailable, Ref: ref, Message: "GET /x: HTTP 500: ", Status: 500, Code: "code", RequestID: "request"}},
		"anything else":  {errors.New("no zone"), Error{Kind: KindUnknown, Ref: ref, Message: "no zone"}},
		"the client's":   {&Error{Kind: KindFailed, Message: "no room", Hint: "Make room.", OperationID: "j"}, Error{Kind: KindFailed, Ref: ref, Message: "no room", Hint: "Make room.", OperationID: "j"}},
		"with an object": {&Error{Kind: KindFailed, Message: "no", Ref: own}, Error{Kind: KindFailed, Ref: own, Message: "no"}},
		"over a reply": {
			&Error{Kind: KindConflict, Message: "it runs", Err: answer(412, "precondition failed")},
			Error{Kind: KindConflict, Ref: ref, Message: "it runs", Status: 412, Code: "code", RequestID: "request"},
		},
		"only a kind":           {&Error{Kind: KindNotFound}, Error{Kind: KindNotFound, Ref: ref, Message: "the cloud gives no reason"}},
		"a kind and a cause":    {&Error{Kind: KindInvalid, Err: errors.New("bad ID")}, Error{Kind: KindInvalid, Ref: ref, Message: "bad ID"}},
		"cancelled":             {context.Canceled, Error{Kind: KindCanceled, Ref: ref, Message: "context canceled"}},
		"deadline":              {context.DeadlineExceeded, Error{Kind: KindTimeout, Ref: ref, Message: "context deadline exceeded"}},
		"cancelled in a reply":  {&reply{message: "broke off", cause: context.Canceled}, Error{Kind: KindCanceled, Ref: ref, Message: "broke off", Code: "code", RequestID: "request"}},
		"deadline in a reply":   {&reply{message: "no answer", cause: context.DeadlineExceeded}, Error{Kind: KindTimeout, Ref: ref, Message: "no answer", Code: "code", RequestID: "request"}},
		"a wait that timed out": {&wait.Error{Polls: 3, Err: context.DeadlineExceeded}, Error{Kind: KindTimeout, Ref: ref, Message: "stopped waiting after 0s and 3 polls"}},
		"a wait, cancelled":     {&wait.Error{Polls: 1, Err: context.Canceled}, Error{Kind: KindCanceled, Ref: ref, Message: "stopped waiting after 0s and 1 poll"}},
		"busy to the deadline":  {&Error{Kind: KindBusy, Message: "locked", Err: context.DeadlineExceeded}, Error{Kind: KindBusy, Ref: ref, Message: "locked"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newPlain(t)
			got := c.fail("read snapshot", ref, tc.err)
			var own *Error
			if cause := errors.Unwrap(tc.err); !errors.As(tc.err, &own) && !errors.Is(got, tc.err) || cause != nil && !errors.Is(got, cause) {
				t.Errorf("the cause is lost: %v", got.Err)
			}
			if got.Cloud != "plain" || got.Op != "read snapshot" {
				t.Errorf("got %+v", got)
			}
			if got.Kind != tc.want.Kind || got.Ref != tc.want.Ref || got.Message != tc.want.Message || got.Hint != tc.want.Hint || got.OperationID != tc.want.OperationID ||
				got.Status != tc.want.Status || got.Code != tc.want.Code || got.RequestID != tc.want.RequestID {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestFail_leavesTheClientsErrorAsItIs(t *testing.T) {
	c, _ := newPlain(t)
	shared := &Error{Kind: KindFailed, Message: "no room"}
	if err := c.failOperation("create snapshot", Ref{ObjectID: "s1"}, Operation{ID: "j"}, shared); err == nil || shared.Op != "" || shared.Ref != (Ref{}) || shared.OperationID != "" {
		t.Errorf("got %+v", shared)
	}
}

func TestError_onOneLine(t *testing.T) {
	cause := errors.New("cause")
	e := &Error{Kind: KindNotFound, Cloud: "plain", Op: "read snapshot", Message: "not found", Status: 404, Err: cause}
	if got, want := e.Error(), "plain: unable to read snapshot: not found (HTTP 404)"; got != want || !errors.Is(e, cause) {
		t.Errorf("got %q, want %q", got, want)
	}
	e.Status = 0
	if got, want := e.Error(), "plain: unable to read snapshot: not found"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	wrapped := fmt.Errorf("while planning: %w", e)
	if KindOf(wrapped) != KindNotFound || !IsNotFound(wrapped) {
		t.Error("a wrapped error keeps its kind")
	}
	if KindOf(cause) != KindUnknown || KindOf(nil) != KindUnknown || IsNotFound(nil) {
		t.Error("what is not of this package has no kind")
	}
}
