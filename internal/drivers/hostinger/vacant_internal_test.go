package hostinger

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestVacancies_needTwoReadsAndAnAnswerInBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v vacancies
		v.answered(1)
		if v.confirm(1) {
			t.Error("the answer came before the first read")
		}
		if v.confirm(1) {
			t.Error("the VM has not answered in between")
		}
		v.answered(1)
		if !v.confirm(1) || v.confirm(2) {
			t.Error("VM 1 was read twice, VM 2 once")
		}
		v.answered(2)
		<-time.After(vacancyHolds)
		if v.confirm(1) || v.confirm(2) {
			t.Error("that was too long ago")
		}
		v.answered(1)
		v.forget(1)
		if v.confirm(1) {
			t.Error("a snapshot is being created")
		}
	})
}
