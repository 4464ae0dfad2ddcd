import { minimize } from "descend";
const run=(name,f,s,o,exp)=>{ try { const r=minimize(f,s,o); console.log(name, r.verdict, r.value, "exp", exp, "err", (r.value-exp).toExponential(1), "kkt", r.kktResidual?.toExponential(1), "viol", r.constraintViolation?.toExponential(1), "steps", r.steps, JSON.stringify(r.evaluations), r.multipliers?JSON.stringify(r.multipliers):"", r.warnings.join(" ")); if(r.verdict!=="converged") console.log(r.tests.map(t=>t.name+":"+t.passed+" "+t.evidence).join("\n")); } catch(e){console.log(name, e.stack)} };
run("HS6", ([x,y])=>(1-x)**2,[-1.2,1],{constraints:{equal:[([x,y])=>10*(y-x*x)]}},0);
run("HS7", ([x,y])=>Math.log(1+x*x)-y,[2,2],{constraints:{equal:[([x,y])=>(1+x*x)**2+y*y-4]}},-Math.sqrt(3));
run("HS10", ([x,y])=>x-y,[-10,10],{constraints:{atMost:[([x,y])=>-(-3*x*x+2*x*y-y*y+1)]}},-1);
run("HS28", ([x,y,z])=>(x+y)**2+(y+z)**2,[-4,1,1],{constraints:{equal:[([x,y,z])=>x+2*y+3*z-1]}},0);
run("HS71", ([a,b,c,d])=>a*d*(a+b+c)+c,[1,5,5,1],{bounds:[1,5],constraints:{equal:[([a,b,c,d])=>a*a+b*b+c*c+d*d-40],atMost:[([a,b,c,d])=>25-a*b*c*d]}},17.0140173);
run("infeas", ([x,y])=>x*x+y*y,[3,1],{constraints:{equal:[([x,y])=>x*x+y*y+1]}},0);
run("text", "x^2+y^2",{x:3,y:1},{constraints:["x + y >= 1"]},0.5);
